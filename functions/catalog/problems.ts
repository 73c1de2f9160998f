import { problems } from '#runtime/problem'

/** Every way that the catalogue says no. */
export const problem = problems('catalog', {
  'unknown-product': { status: 404, title: 'There is no such product.' },
  'sku-taken': { status: 409, title: 'Another product has this SKU.' },
  'unknown-category': { status: 422, title: 'There is no such category.', pointer: '#/parent' },
  'category-taken': { status: 409, title: 'There is such a category already.' },
  'not-received': { status: 403, title: 'A product is reviewed by who has received it.' },
  'already-reviewed': { status: 409, title: 'You have reviewed this product already.' },
})
