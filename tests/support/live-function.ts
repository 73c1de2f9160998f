import { buildSync } from 'esbuild'
import { execFileSync, spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { join, resolve } from 'node:path'
import { freePort } from '../../infra/local/scaler/free-port'
import { ask, pause } from './ask'
import { tinyFunctions } from './tiny-functions'

const ROOT = resolve(__dirname, '../..')

/** A function as it is in a container: its own process, and nothing of this one. */
export interface LiveFunction {
  url: string
  /** Ends it in the middle of whatever it does. */
  kill(): Promise<void>
}

/** The shop's own functions, bundled as the build does it from the sources as they are, and started as processes. */
export function liveFunctions() {
  const { folder, hostBundle } = tinyFunctions()
  const started: ChildProcess[] = []
  const kill = async (child: ChildProcess) => {
    if (child.exitCode !== null || child.signalCode !== null) return
    const gone = once(child, 'exit')
    child.kill('SIGKILL')
    await gone
  }
  afterEach(async () => {
    for (const child of started.splice(0)) await kill(child)
  })
  const built = new Map<string, string>()
  const build = (path: string): string => {
    const known = built.get(path)
    if (known) return known
    const outfile = join(folder, `${path.replace('/', '-')}.cjs`)
    const stdin = { contents: entryOf(path), resolveDir: ROOT, loader: 'ts' as const }
    const node = { platform: 'node', format: 'cjs', target: 'node20' } as const
    buildSync({ stdin, ...node, mainFields: ['module', 'main'], bundle: true, minify: true, outfile })
    built.set(path, outfile)
    return outfile
  }
  return {
    ...{ folder, hostBundle },
    /** The bundle of `functions/<path>`. */
    build,
    /** Starts `functions/<path>`; resolves when it answers. */
    start: async (path: string, env: Record<string, string>): Promise<LiveFunction> => {
      const port = await freePort()
      const own = { PORT: String(port), FUNCTION_BUNDLE: build(path), LISTEN_ADDRESS: '127.0.0.1' }
      const child = spawn(process.execPath, [hostBundle], { env: { ...own, ...env }, stdio: 'ignore' })
      started.push(child)
      while (!(await ask(port, '/health/readiness').catch(() => undefined))) {
        if (child.exitCode !== null) throw new Error(`${path} ended before it was ready`)
        await pause(10)
      }
      return { url: `http://127.0.0.1:${port}`, kill: () => kill(child) }
    },
  }
}

/** The module that the build starts a function's bundle from. */
const entryOf = (path: string): string =>
  execFileSync(
    process.execPath,
    [
      '--input-type=module',
      '--eval',
      `import { entry, operations } from './esbuild.config.mjs'
       const operation = operations().find(({ folder }) => folder === 'functions/${path}')
       process.stdout.write(entry(operation))`,
    ],
    { cwd: ROOT, encoding: 'utf8' },
  )
