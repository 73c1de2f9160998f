import Ajv from 'ajv'
import addFormats from 'ajv-formats'
import { readdirSync, readFileSync } from 'node:fs'
import { lint } from '#support/linter'
import { foldersOf, operations } from '#support/tree'
import standard from '@asyncapi/specs/schemas/3.0.0-without-$id.json'

const FILE = 'functions/platform/describe-shop/asyncapi.json'

interface Events {
  channels: Record<string, { address: string; messages: Record<string, { $ref: string }> }>
  operations: Record<string, { action: string; channel: Ref; messages: Ref[]; security?: Ref[] }>
  components: { messages: Record<string, Message> }
}

interface Ref {
  $ref: string
}

interface Message {
  name: string
  title: string
  payload: object
  examples: { payload: object }[]
}

const document = JSON.parse(readFileSync(FILE, 'utf8')) as Events
const messages = Object.entries(document.components.messages)
const paths = foldersOf('events').flatMap((domain) =>
  foldersOf(`events/${domain}`).map((name) => `${domain}/${name}`),
)
const titleOf = ({ $ref }: Ref) => document.components.messages[$ref.split('/').at(-1)!]!.title

describe('the AsyncAPI document', () => {
  test('is valid, by all that the linter recommends', () => {
    expect(lint(FILE)).toEqual([])
  })

  test('is valid by the schema that the standard publishes', () => {
    const ajv = addFormats(new Ajv({ strict: false }))

    expect([ajv.validate(standard, document), ajv.errors]).toEqual([true, null])
  })

  test('has every event once, on the channel of its domain', () => {
    const [brokers] = [
      Object.entries(document.channels).filter(([, { address }]) => address.startsWith('/kiosk/')),
    ]
    const told = brokers.flatMap(([domain, channel]) =>
      Object.values(channel.messages).map((ref) => [domain, titleOf(ref)]),
    )

    expect(told.map(([, title]) => title).sort()).toEqual(paths)
    expect(told.filter(([domain, title]) => !title!.startsWith(`${domain}/`))).toEqual([])
  })

  test.each(messages)(
    'shows %s by every example that was published, and each fits',
    (_, { title, payload, examples }) => {
      const published = readdirSync(`events/${title}/examples`)
        .sort()
        .map((file) => JSON.parse(readFileSync(`events/${title}/examples/${file}`, 'utf8')) as object)
      const fits = addFormats(new Ajv({ strict: false })).compile(payload)

      expect(examples.map((example) => example.payload)).toEqual(published)
      for (const example of published) expect([fits(example), fits.errors]).toEqual([true, null])
    },
  )

  test('says of every operation what it tells and hears', () => {
    const said = Object.entries(document.operations)
      .filter(([, { channel }]) => !channel.$ref.endsWith('/outside'))
      .map(
        ([
          key,
          {
            action,
            messages: [message],
          },
        ]) => `${key.replace(/-(sends|hears)-\w+$/, '')} ${action} ${titleOf(message!)}`,
      )
    const declared = operations().flatMap(({ name, emits = [], on = [] }) => [
      ...emits.map((path) => `${name} send ${path}`),
      ...on.map((path) => `${name} receive ${path}`),
    ])

    expect(said.sort()).toEqual(declared.sort())
  })

  test('says what comes from outside, and that it needs a credential', () => {
    const { channel, messages: taken, security } = document.operations['accept-event-takes']!
    const { emits } = operations().find(({ name }) => name === 'accept-event')!

    expect([channel.$ref, document.channels['outside']!.address]).toEqual([
      '#/channels/outside',
      '/v1/events',
    ])
    expect(taken.map(titleOf)).toEqual(emits)
    expect(security).toEqual([{ $ref: '#/components/securitySchemes/producerCredential' }])
  })
})
