/** What a handler answers; the wrapper writes it. A body of text is sent as it is, anything else as JSON. */
export interface Reply<B = unknown> {
  status: number
  headers?: Record<string, string>
  body?: B
}

export const ok = <B>(body: B, headers: Record<string, string> = {}): Reply<B> => ({
  status: 200,
  headers,
  body,
})

/** 201 with the address of what was made. */
export const created = <B>(location: string, body: B): Reply<B> => ({
  status: 201,
  headers: { Location: location },
  body,
})

/** 202: taken; what became of it is seen elsewhere. */
export const accepted = <B>(body: B): Reply<B> => ({ status: 202, body })

export const noContent = (): Reply => ({ status: 204 })

export interface Page {
  page: number
  pageSize: number
}

/** A page of a list, with RFC 8288 links to its neighbours. `query` is the search the links must repeat. */
export function paged<T>(
  items: T[],
  total: number,
  { page, pageSize }: Page,
  path: string,
  query: object,
): Reply {
  const last = Math.max(1, Math.ceil(total / pageSize))
  const link = (to: number, rel: string) => {
    const search = new URLSearchParams()
    for (const [name, value] of Object.entries<string | number | undefined>({
      ...query,
      page: to,
      pageSize,
    })) {
      if (value !== undefined) search.set(name, String(value))
    }
    return `<${path}?${search.toString()}>; rel="${rel}"`
  }
  const links = [link(1, 'first'), link(last, 'last')]
  if (page > 1) links.push(link(page - 1, 'prev'))
  if (page < last) links.push(link(page + 1, 'next'))
  return ok({ items, page, pageSize, total }, { Link: links.join(', ') })
}
