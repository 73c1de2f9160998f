import { createHash } from 'node:crypto'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ran } from './command'
import { Layout } from './layout'

interface Index {
  manifests: { digest: string; annotations: Record<string, string> }[]
}

interface Manifest {
  config: { digest: string }
  layers: { digest: string }[]
}

/** An image of one empty layer, as a builder would leave it. */
function hostIn(folder: string): void {
  mkdirSync(join(folder, 'blobs/sha256'), { recursive: true })
  const write = (contents: string) => {
    const hash = createHash('sha256').update(contents).digest('hex')
    writeFileSync(join(folder, 'blobs/sha256', hash), contents)
    return { mediaType: 'x', digest: `sha256:${hash}`, size: contents.length }
  }
  const layer = write('the host')
  const config = write(
    JSON.stringify({
      config: { Env: ['A=b'], Labels: { kept: 'yes' } },
      rootfs: { diff_ids: [layer.digest] },
    }),
  )
  const manifest = write(JSON.stringify({ config, layers: [layer] }))
  writeFileSync(join(folder, 'oci-layout'), '{"imageLayoutVersion":"1.0.0"}')
  writeFileSync(join(folder, 'index.json'), JSON.stringify({ manifests: [manifest] }))
}

describe('a layout of images', () => {
  const home = mkdtempSync(join(tmpdir(), 'kiosk-layout-'))
  const bundle = join(home, 'charge.cjs')
  afterAll(() => rmSync(home, { recursive: true }))

  const built = async (name: string) => {
    const [host, own] = [join(home, `${name}-host`), join(home, `${name}-own`)]
    hostIn(host)
    const layout = new Layout(host, own)
    const image = {
      reference: 'dev.local/kiosk/charge:1',
      files: { 'app/function.cjs': bundle },
      labels: { title: 'charge' },
      cmd: ['/app/host.cjs'],
    }
    return { layout, digest: await layout.add(image), folder: join(home, `${name}-out`) }
  }

  test('adds a function to the host, and the same files make the same digest', async () => {
    writeFileSync(bundle, 'exports.default = 1')
    const first = await built('first')
    const again = await built('again')
    writeFileSync(bundle, 'exports.default = 2')
    const other = await built('other')

    expect(again.digest).toBe(first.digest)
    expect(other.digest).not.toBe(first.digest)
  })

  test('writes an archive that names its images and holds every blob they need, and the files as they are', async () => {
    writeFileSync(bundle, 'exports.default = 3')
    const { layout, digest, folder } = await built('archive')
    const file = join(home, 'images.tar')

    await layout.archive(file)

    mkdirSync(folder)
    await ran('tar', ['-xf', file, '-C', folder])
    const json = <T>(path: string) => JSON.parse(readFileSync(join(folder, path), 'utf8')) as T
    const blob = (name: string) => `blobs/${name.replace(':', '/')}`
    const [image] = json<Index>('index.json').manifests
    expect(image).toMatchObject({
      digest,
      annotations: { 'io.containerd.image.name': 'dev.local/kiosk/charge:1' },
    })
    const manifest = json<Manifest>(blob(digest))
    expect(json(blob(manifest.config.digest))).toMatchObject({
      config: { Env: ['A=b'], Cmd: ['/app/host.cjs'], Labels: { kept: 'yes', title: 'charge' } },
    })
    expect(manifest.layers).toHaveLength(2)
    const listed = await ran('tar', ['-tzvf', join(folder, blob(manifest.layers[1]!.digest))])
    expect(listed).toMatch(/^-rw-r--r-- 0\/0 +19 1970-01-01 00:00 \.\/app\/function\.cjs$/m)
  })

  test('leaves out what is not wanted', async () => {
    const { layout } = await built('nothing')
    const file = join(home, 'none.tar')

    await layout.archive(file, () => false)

    expect(await ran('tar', ['-xOf', file, 'index.json'])).toContain('"manifests":[]')
  })
})
