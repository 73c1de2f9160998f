import { randomBytes } from 'node:crypto'
import { CONCURRENCY, GIVEN, MEMORY_MIB, PROBE, TIMEOUT_SECONDS } from './probe/manifests'
import { eventually, learn, type Asked, type Target } from './target'

interface Process {
  instance: string
  argv: string[]
  env: Record<string, string>
  uid: number
  euid: number
  port: number
  /** Requests under way, this one included, and the most there were. */
  concurrency: { now: number; most: number }
}

interface Seen {
  method: string
  url: string
  httpVersion: string
  headers: Record<string, string>
  rawHeaders: string[]
  body: string
}

interface File {
  kind: 'file' | 'folder' | 'link' | 'absent'
  mode: string
  readable: boolean
  target?: string
}

/**
 * Knative's runtime contract (specs/serving/runtime-contract.md), as a function can see it. Its MUST and SHOULD, and the
 * promises of a Service that our functions rely on: how many requests at once, for how long, and how an instance ends.
 */
export function runtimeContract(target: () => Target): void {
  const ask = (path: string, asked?: Asked) => target().ask(PROBE, path, asked)
  const asking = <T>(path: string, asked?: Asked) => learn<T>(target(), PROBE, path, asked)
  const process = () => asking<Process>('/process')
  const seen = (asked?: Asked) => asking<Seen>('/request', asked)

  describe('the environment', () => {
    test('has PORT, which is where the function listens', async () => {
      const { env, port } = await process()

      expect(env['PORT']).toBe(String(port))
    })

    test('says which Service, Configuration and Revision this is', async () => {
      const { env } = await process()

      expect([env['K_SERVICE'], env['K_CONFIGURATION']]).toEqual([PROBE, PROBE])
      expect(env['K_REVISION']).toMatch(new RegExp(`^${PROBE}-\\d{5}$`))
    })

    test('has what the manifest states, and every key of its ConfigMap and its Secret', async () => {
      const { env } = await process()

      expect(env).toMatchObject({ ...GIVEN.manifest, ...GIVEN.configMap, ...GIVEN.secret })
    })

    test('is one of production', async () => {
      expect((await process()).env['NODE_ENV']).toBe('production')
    })
  })

  describe('a request', () => {
    test.each(['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'])(
      'arrives as the %s that it is',
      async (method) => {
        expect(await seen({ method })).toMatchObject({ method, httpVersion: '1.1' })
      },
    )

    test('keeps its path and query as they were written', async () => {
      const url = '/request/a%20b/%C3%BC;p=1?x=1&x=%2F&y'

      expect((await asking<Seen>(url)).url).toBe(url)
    })

    test('keeps its body byte for byte', async () => {
      const body = randomBytes(256 * 1_024)

      expect((await seen({ method: 'POST', body })).body).toBe(body.toString('base64'))
    })

    test('keeps the headers of the caller, those that come twice too', async () => {
      const { rawHeaders } = await seen({ headers: { 'x-kiosk': ['one', 'two; three'], cookie: 'a=1; b=2' } })

      const values = rawHeaders.filter((_, at) => at % 2 === 1 && /^x-kiosk$/i.test(rawHeaders[at - 1]!))
      expect(values.join(', ')).toBe('one, two; three')
      expect(rawHeaders).toContain('a=1; b=2')
    })

    test('says for whom and how it was sent', async () => {
      const { headers } = await seen()

      expect(headers['host']).not.toBe('')
      // RFC 7239, section 4: pairs with semicolons, elements with commas.
      expect(headers['forwarded']).toMatch(/^(,?\s*(;?(for|by|host|proto)=("[^"]*"|[^\s",;]+))+)+$/i)
      expect(headers['x-forwarded-for']).toMatch(/^[\da-f.:]+(, ?[\da-f.:]+)*$/i)
      expect(headers['x-forwarded-proto']).toMatch(/^https?$/)
    })

    test('keeps the trace of the caller', async () => {
      const traceId = randomBytes(16).toString('hex')

      const { headers } = await seen({ headers: { traceparent: `00-${traceId}-00f067aa0ba902b7-01` } })

      expect(headers['traceparent']).toMatch(new RegExp(`^00-${traceId}-[\\da-f]{16}-01$`))
    })
  })

  describe('an answer', () => {
    test.each(['GET', 'HEAD'])('to %s has the status and the headers of the function', async (method) => {
      const { status, headers, body } = await ask('/answer?word=yes', { method })

      expect([status, headers['x-kept'], headers['set-cookie']]).toEqual([418, 'yes', ['a=1', 'b=2']])
      expect(body.toString()).toBe(method === 'HEAD' ? '' : 'short and stout')
    })

    test.each(['/health/liveness', '/health/readiness', '/_/health', '/_/ready'])(
      'to %s says that it is well',
      async (path) => {
        expect((await ask(path)).status).toBe(200)
      },
    )
  })

  describe('the file system', () => {
    const file = (path: string) => asking<File>(`/file?path=${path}`)

    test.each(['full', 'null', 'ptmx', 'random', 'tty', 'urandom', 'zero'])(
      'has the device %s',
      async (name) => {
        expect((await file(`/dev/${name}`)).kind).toMatch(/^(file|link)$/)
      },
    )

    test.each([
      ['/dev/fd', '/proc/self/fd'],
      ['/dev/stdin', '/proc/self/fd/0'],
      ['/dev/stdout', '/proc/self/fd/1'],
      ['/dev/stderr', '/proc/self/fd/2'],
    ])('has %s, which is %s', async (path, link) => {
      expect(await file(path)).toMatchObject({ kind: 'link', target: link })
    })

    test('has a temporary folder that anyone may write to', async () => {
      expect(await file('/tmp')).toMatchObject({ kind: 'folder', mode: '777', readable: true })
      expect(await asking('/writing?path=/tmp', { method: 'POST' })).toEqual({ written: true })
    })

    test('says where names are resolved', async () => {
      expect((await file('/etc/resolv.conf')).readable).toBe(true)
    })

    test('has nothing to read on standard input', async () => {
      expect(await asking('/stdin')).toBe('end')
    })
  })

  describe('an instance', () => {
    const slow = (ms: number) => ask(`/slow?ms=${ms}`)

    test('gets no more requests at once than containerConcurrency, and leaves none out', async () => {
      const answers = await Promise.all(Array.from({ length: 3 * CONCURRENCY }, () => slow(100)))

      expect(answers.filter(({ status }) => status !== 200)).toEqual([])
      expect((await process()).concurrency.most).toBe(CONCURRENCY)
    })

    test('is not waited for any longer than timeoutSeconds: 504', async () => {
      expect((await slow((TIMEOUT_SECONDS + 3) * 1_000)).status).toBe(504)
    })

    test('finishes what it began after SIGTERM, and another takes its place', async () => {
      const before = await process()
      const underWay = learn<Process>(target(), PROBE, '/slow?ms=1500')
      await eventually('the slow request to arrive', async () => {
        return (await process()).concurrency.now > 1 || undefined
      })

      await ask('/end', { method: 'POST' })

      expect((await underWay).instance).toBe(before.instance)
      await another(before)
    })

    test('that crashed is replaced', async () => {
      const before = await process()

      await ask('/crash', { method: 'POST' }).catch(() => undefined)

      await another(before)
    })

    const another = (before: Process) =>
      eventually('another instance', async () => {
        const { status, body } = await ask('/process')
        if (status !== 200) return undefined
        return (JSON.parse(body.toString()) as Process).instance !== before.instance || undefined
      })
  })
}

/** What only a container can promise: the image's user and command, and what Kubernetes makes of our manifest. */
export function imageContract(target: () => Target): void {
  const asking = <T>(path: string, asked?: Asked) => learn<T>(target(), PROBE, path, asked)

  describe('the container', () => {
    test('runs as the user of the image, who is not root', async () => {
      const { uid, euid } = await asking<Process>('/process')

      expect([uid, euid]).toEqual([65_532, 65_532])
    })

    test('runs the host with the Node.js of the image', async () => {
      expect((await asking<Process>('/process')).argv).toEqual(['/nodejs/bin/node', '/app/host.cjs'])
    })

    test('has no console', async () => {
      expect((await asking<File>('/file?path=/dev/console')).kind).toBe('absent')
    })

    test.each(['/app', '/', '/etc'])('cannot write to %s', async (path) => {
      expect(await asking(`/writing?path=${path}`, { method: 'POST' })).toEqual({ written: false })
    })

    test('has the memory that the manifest allows', async () => {
      const version2 = await target().ask(PROBE, '/text?path=/sys/fs/cgroup/memory.max')
      const version1 = () => asking<string>('/text?path=/sys/fs/cgroup/memory/memory.limit_in_bytes')
      const limit =
        version2.status === 200 ? (JSON.parse(version2.body.toString()) as string) : await version1()

      expect(Number(limit)).toBe(MEMORY_MIB * 1_048_576)
    })
  })
}
