import { createHash } from 'node:crypto'
import { mkdirSync, mkdtempSync, cpSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { tmpdir } from 'node:os'
import { gzipSync } from 'node:zlib'
import { ran } from './command'

/** What an OCI manifest or index says of a blob (image-spec 1.1, descriptor.md). */
export interface Descriptor {
  mediaType: string
  digest: string
  size: number
  annotations?: Record<string, string>
}

interface Manifest {
  schemaVersion: 2
  mediaType: string
  config: Descriptor
  layers: Descriptor[]
}

interface Config {
  config: { Cmd?: string[]; WorkingDir?: string; Labels?: Record<string, string> }
  rootfs: { type: 'layers'; diff_ids: string[] }
  history?: { created_by?: string; empty_layer?: boolean }[]
  [field: string]: unknown
}

/** What an image adds to the one it stands on. */
export interface Addition {
  /** Name and tag that the image is to have. */
  reference: string
  /** Paths in the image, and the files or folders that go there. */
  files: Record<string, string>
  labels: Record<string, string>
  cmd: string[]
}

const SPEC = 'application/vnd.oci.image'

/**
 * A folder of images in the OCI layout (image-spec 1.1, image-layout.md). It begins with one image, and others are made
 * by adding a layer to that: no engine is asked, the same files make the same digest, and blobs are shared.
 */
export class Layout {
  readonly #manifest: Manifest
  readonly #config: Config
  readonly #images: Descriptor[] = []

  /** `host` holds the image that all stand on and is left as it is; `own` is emptied. */
  constructor(
    private readonly host: string,
    private readonly own: string,
  ) {
    const { manifests } = json<{ manifests: Descriptor[] }>(join(host, 'index.json'))
    this.#manifest = json<Manifest>(join(host, pathOf(manifests[0]!)))
    this.#config = json<Config>(join(host, pathOf(this.#manifest.config)))
    rmSync(own, { recursive: true, force: true })
    mkdirSync(join(own, 'blobs/sha256'), { recursive: true })
  }

  /** Adds an image: the first one with one layer more. Answers its digest. */
  async add({ reference, files, labels, cmd }: Addition): Promise<string> {
    const layer = await tarOf(files)
    const { config, rootfs, history = [] } = this.#config
    const own: Config = {
      ...this.#config,
      config: { ...config, Cmd: cmd, WorkingDir: '/app', Labels: { ...config.Labels, ...labels } },
      rootfs: { type: 'layers', diff_ids: [...rootfs.diff_ids, digestOf(layer)] },
      history: [...history, { created_by: `COPY ${Object.keys(files).join(' ')}` }],
    }
    const manifest: Manifest = {
      schemaVersion: 2,
      mediaType: `${SPEC}.manifest.v1+json`,
      config: this.#write(`${SPEC}.config.v1+json`, JSON.stringify(own)),
      layers: [...this.#manifest.layers, this.#write(`${SPEC}.layer.v1.tar+gzip`, gzipSync(layer))],
    }
    const descriptor = this.#write(manifest.mediaType, JSON.stringify(manifest))
    // Containerd takes an image's name from an annotation of its own and otherwise makes one up.
    const annotations = {
      'io.containerd.image.name': reference,
      'org.opencontainers.image.ref.name': reference,
    }
    this.#images.push({ ...descriptor, annotations })
    return descriptor.digest
  }

  /** Writes those that were added, and what they stand on, to one archive. */
  async archive(file: string, wanted: (reference: string) => boolean = () => true): Promise<void> {
    const manifests = this.#images.filter(({ annotations }) =>
      wanted(annotations!['org.opencontainers.image.ref.name']!),
    )
    const blobs = manifests.flatMap((image) => {
      const { config, layers } = json<Manifest>(join(this.own, pathOf(image)))
      return [pathOf(image), pathOf(config), pathOf(layers.at(-1)!)]
    })
    const index = { schemaVersion: 2, mediaType: `${SPEC}.index.v1+json`, manifests }
    writeFileSync(join(this.own, 'index.json'), JSON.stringify(index))
    const shared = this.#manifest.layers.map(pathOf)
    const from = (folder: string, files: string[]) => ['-C', folder, ...files]
    await ran('tar', [
      ...['-cf', file],
      ...from(this.host, ['oci-layout', ...shared]),
      ...from(this.own, ['index.json', ...new Set(blobs)]),
    ])
  }

  #write(mediaType: string, contents: Buffer | string): Descriptor {
    const descriptor = { mediaType, digest: digestOf(contents), size: Buffer.byteLength(contents) }
    writeFileSync(join(this.own, pathOf(descriptor)), contents)
    return descriptor
  }
}

const digestOf = (contents: Buffer | string) =>
  `sha256:${createHash('sha256').update(contents).digest('hex')}`

const json = <T>(file: string): T => JSON.parse(readFileSync(file, 'utf8')) as T

const pathOf = ({ digest }: Descriptor) => `blobs/${digest.replace(':', '/')}`

/** A layer: owned by root, readable by all, and of no time, so that only its contents decide its digest. */
async function tarOf(files: Record<string, string>): Promise<Buffer> {
  const folder = mkdtempSync(join(tmpdir(), 'kiosk-layer-'))
  try {
    for (const [path, source] of Object.entries(files)) {
      const place = join(folder, 'root', path)
      mkdirSync(dirname(place), { recursive: true })
      cpSync(source, place, { recursive: true })
    }
    const same = [
      '--sort=name',
      '--owner=0',
      '--group=0',
      '--numeric-owner',
      '--mtime=@0',
      '--mode=a+rX,go-w',
    ]
    const file = join(folder, 'layer.tar')
    await ran('tar', ['-cf', file, ...same, '--format=ustar', '-C', join(folder, 'root'), '.'])
    return readFileSync(file)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
