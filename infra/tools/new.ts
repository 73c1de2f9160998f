import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { pascal } from './documents/models'

const USAGE = `usage: npm run new <domain>/<operation>

  <domain>     an existing folder of functions/, or a new one
  <operation>  what it does: a verb, then a noun if needed, e.g. orders/reopen-order`

/** `npm run new orders/reopen-order`: a folder with a promise, an input, a handler and a test. */
function main(): void {
  const [path = ''] = process.argv.slice(2)
  if (!/^[a-z]+\/[a-z]+(-[a-z]+)*$/.test(path)) {
    refuse(USAGE)
    return
  }
  const [domain, name] = path.split('/') as [string, string]
  const root = process.cwd()
  const taken = domainWith(root, name)
  if (taken) {
    refuse(`an operation's name is unique in the whole shop: functions/${taken}/${name} is there already`)
    return
  }

  const hasDatabase = existsSync(join(root, 'infra/postgres', domain))
  for (const [file, text] of Object.entries(filesOf(domain, name, hasDatabase))) {
    const target = join(root, 'functions', domain, name, file)
    mkdirSync(dirname(target), { recursive: true })
    writeFileSync(target, text)
    console.log(`wrote functions/${domain}/${name}/${file}`)
  }
  console.log('\nSay what it promises in function.json, then `npm run generate` and `npm run check`.')
}

function domainWith(root: string, name: string): string | undefined {
  const home = join(root, 'functions')
  return readdirSync(home).find((domain) => existsSync(join(home, domain, name)))
}

function refuse(message: string): void {
  console.error(message)
  process.exitCode = 1
}

function filesOf(domain: string, name: string, hasDatabase: boolean): Record<string, string> {
  const Input = pascal(name)
  const handle = Input.charAt(0).toLowerCase() + Input.slice(1)
  const promise = `${name.charAt(0).toUpperCase()}${name.slice(1).replaceAll('-', ' ')}.`
  const said = {
    $schema: '../../../infra/schemas/function.schema.json',
    promise,
    http: `POST /v1/${domain}/{id}/${name}`,
    caller: 'customer',
    needs: hasDatabase ? ['postgres'] : [],
  }
  return {
    'function.json': `${JSON.stringify(said, null, 2)}\n`,
    'input.ts': `import { IsString, Length } from 'class-validator'

export class ${Input} {
  @IsString() @Length(1, 64) id!: string
}
`,
    'reply.ts': `import { IsString } from 'class-validator'

export class ${Input}Reply {
  @IsString() id!: string
}

export const replies = { 200: ${Input}Reply }
`,
    'handler.ts': `import { http, ok, type Deps } from '#runtime/http'
import { ${Input} } from './input'

/** ${promise} */
export async function ${handle}({ id }: ${Input}, { caller }: Deps) {
  return ok({ id, by: caller.id })
}

export default http(${Input}, ${handle})
`,
    [`${name}.test.ts`]: `import { openDomain } from '#support/domain'
import { ${handle} } from './handler'

describe('${name}', () => {
  const domain = openDomain('${domain}/${name}')

  test('keeps its promise', async () => {
    const reply = await ${handle}({ id: 'o1' }, domain.deps({ caller: 'ada' }))

    expect(reply).toEqual({ status: 200, headers: {}, body: { id: 'o1', by: 'ada' } })
  })
})
`,
  }
}

main()
