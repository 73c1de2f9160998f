/** What builds images here: docker with an engine, or buildah, which needs none. */
export interface Builder {
  name: 'docker' | 'buildah'
  /** Builds the Dockerfile's target `host` on a base and writes it to a folder in the OCI layout. */
  host(base: string, tag: string, folder: string): Promise<void>
  /** Pushes the images of an archive; answers each one's digest there. */
  push(archive: string, references: string[]): Promise<Map<string, string>>
}
