/** A shelf of the catalogue; a product stands on one. */
export interface Category {
  slug: string
  name: string
  /** The slug of the category that it is part of. */
  parent: string | null
}

/** The JSON of a category: a part that is not there is left out. */
export const shown = ({ slug, name, parent }: Category) => ({
  slug,
  name,
  ...(parent !== null && { parent }),
})
