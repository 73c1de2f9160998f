import type { Model } from '#runtime/event'
import { schemaOf, type Schema } from '../json-schema'
import { pascal, type Models } from '../models'

/**
 * What has a name in a document, so that it is written once: the schemas of answers and bodies, and the refusals. Two classes of
 * one name would be one schema, so that is a mistake.
 */
export class Components {
  readonly schemas: Record<string, Schema> = {}
  readonly responses: Record<string, object> = {}
  readonly #owners = new Map<string, Model>()
  readonly #shared: Set<Model>

  constructor(readonly models: Models) {
    const answers = [...models.replies.values()].flatMap((replies) => Object.values(replies))
    this.#shared = new Set(answers.filter((Reply) => Reply !== null))
  }

  /** Where the schema of an answer stands; a class that is an answer of its own is pointed to from others. */
  answer(Reply: Model): Schema {
    const { docs } = this.models
    const refOf = (Nested: Model) =>
      this.#shared.has(Nested) ? (this.answer(Nested)['$ref'] as string) : undefined
    return this.named(Reply.name, Reply, () => schemaOf(Reply, 'allowed', { docs, refOf }))
  }

  /** The schema of a request; of one whose sender may know more than we do, unknown fields are allowed. */
  request(Input: Model): Schema {
    return schemaOf(Input, Input.tolerant ? 'allowed' : 'refused', { docs: this.models.docs, isSent: true })
  }

  /** Where the schema of the data of an event that is sent to us stands. */
  data(path: string): Schema {
    const { Data } = this.models.events.get(path)!
    return this.named(keyOf(path), Data, () =>
      schemaOf(Data, 'allowed', { docs: this.models.docs, isSent: true }),
    )
  }

  named(name: string, owner: Model, make: () => Schema): Schema {
    const other = this.#owners.get(name)
    if (other !== undefined && other !== owner) throw new Error(`two classes are called ${name}`)
    if (other === undefined) {
      this.#owners.set(name, owner)
      this.schemas[name] = make()
    }
    return { $ref: `#/components/schemas/${name}` }
  }
}

/** `orders/order-placed.v1` is `OrderPlacedV1`. */
export const keyOf = (path: string): string => pascal(path.split('/')[1]!.replace('.', '-'))
