/** Where event sources and schemas have their URLs. Event types begin with the same name reversed. */
export const HOME = 'https://kiosk.example'

/** A class with class-validator decorators; `nested` names the classes of its parts, since types are not reflected. */
export interface Model<T extends object = object> {
  new (): T
  readonly nested?: Readonly<Record<string, Model>>
  /** Fields that arrive as text in a path or a query and are whole numbers. */
  readonly integers?: readonly string[]
  /** A request whose sender may know more than we do (the payment gateway): unknown fields are dropped, not refused. */
  readonly tolerant?: boolean
  /** The body is left unread: the handler checks who sent it before it reads it with `inputOf`. */
  readonly raw?: boolean
  /** Fields that can be guessed from a plain hash, as a password can: a repeated request is known by a keyed one. */
  readonly secrets?: readonly string[]
}

export interface EventDefinition<D extends object = object> {
  /** The folder below events/, e.g. `orders/order-placed.v1`. */
  readonly path: string
  readonly type: string
  readonly source: string
  readonly dataschema: string
  readonly Data: Model<D>
  subject(data: D): string
  /** Why no operation of the shop hears it. */
  readonly unheard?: string
}

/** The data of an event, as the handler of a consumer gets it. */
export type DataOf<E> = E extends EventDefinition<infer D> ? D : never

/**
 * Names an event once: its folder. Type, source and schema URL follow from it (CloudEvents 1.0, sections 3.1 and 3.2).
 *
 * `subject` says which entity the event is about; it is also the partition key. An event that no operation hears says in
 * `unheard` what it is told for.
 */
export function defineEvent<D extends object>(
  path: `${string}/${string}.v${number}`,
  Data: Model<D>,
  { subject, unheard }: { subject: (data: D) => string; unheard?: string },
): EventDefinition<D> {
  return {
    path,
    type: typeOf(path),
    source: `${HOME}/${path.slice(0, path.indexOf('/'))}`,
    dataschema: `${HOME}/events/${path}/schema.json`,
    Data,
    subject,
    ...(unheard !== undefined && { unheard }),
  }
}

/** The CloudEvents type of an event's path: `orders/order-placed.v1` is `shop.kiosk.orders.order-placed.v1`. */
export const typeOf = (path: string): string => `shop.kiosk.${path.replace('/', '.')}`
