import type { Plugin } from 'esbuild'
import { readFileSync } from 'node:fs'
import ts from 'typescript'
import type { Model } from '#runtime/event'

/** What the docstrings of classes and their fields say, by class. */
export class Docs {
  readonly #classes = new Map<unknown, ClassDocs>()

  set(Class: unknown, docs: ClassDocs): void {
    this.#classes.set(Class, docs)
  }

  /** What a field means; of an inherited one what its own class says. */
  field(Class: Model, name: string): string | undefined {
    for (let one: unknown = Class; typeof one === 'function'; one = Object.getPrototypeOf(one)) {
      const text = this.#classes.get(one)?.fields[name]
      if (text !== undefined) return text
    }
    return undefined
  }

  /** What a class stands for. */
  text(Class: Model): string | undefined {
    return this.#classes.get(Class)?.text
  }
}

interface ClassDocs {
  text?: string
  fields: Record<string, string>
}

const MODULE = 'kiosk:docs'

/** The module that a bundle with this plugin takes its `docs` from. */
export const DOCS_MODULE = JSON.stringify(MODULE)

/**
 * Lets a bundle know the docstrings of its classes: they are comments to a compiler, and descriptions to who reads a
 * schema. What each module with classes says is in the `said` that the bundle exports.
 */
export const docstrings: Plugin = {
  name: 'docstrings',
  setup(build) {
    build.onResolve({ filter: /^kiosk:docs$/ }, () => ({ path: MODULE, namespace: 'docs' }))
    build.onLoad({ filter: /.*/, namespace: 'docs' }, () => ({
      contents: 'export const said = []',
      loader: 'js',
    }))
    build.onLoad({ filter: /[\\/](functions|events)[\\/].*\.ts$/ }, ({ path }) => ({
      contents: withDocs(readFileSync(path, 'utf8')),
      loader: 'ts',
    }))
  },
}

function withDocs(source: string): string {
  const classes = classesIn(source)
  if (classes.length === 0) return source
  const said = classes.map(([name, docs]) => `$said.push([${name}, ${JSON.stringify(docs)}])`)
  return [source, `import { said as $said } from ${DOCS_MODULE}`, ...said].join('\n')
}

function classesIn(source: string): [string, ClassDocs][] {
  const file = ts.createSourceFile('module.ts', source, ts.ScriptTarget.Latest, true)
  return file.statements.filter(ts.isClassDeclaration).flatMap((node): [string, ClassDocs][] => {
    const fields = node.members.flatMap((member) => {
      const text = textOf(member)
      return text !== undefined && ts.isPropertyDeclaration(member)
        ? [[member.name.getText(file), text] as const]
        : []
    })
    const text = textOf(node)
    const docs = { ...(text !== undefined && { text }), fields: Object.fromEntries(fields) }
    return node.name && (text !== undefined || fields.length > 0) ? [[node.name.text, docs]] : []
  })
}

function textOf(node: ts.Node): string | undefined {
  const comments = ts.getJSDocCommentsAndTags(node).filter(ts.isJSDoc)
  const text = comments.map(({ comment }) => ts.getTextOfJSDocComment(comment) ?? '').join(' ')
  return text.replaceAll(/\s+/g, ' ').trim() || undefined
}

/** What the first docstring of a handler says after its first sentence, the promise: one text, with its paragraphs. */
export function reasonIn(handler: string): string {
  const said = /\/\*\*([\s\S]*?)\*\//.exec(handler)?.[1] ?? ''
  const paragraphs = said
    .replaceAll(/^\s*\*/gm, '')
    .split(/\n\s*\n/)
    .map((paragraph) => paragraph.replaceAll(/\s+/g, ' ').trim())
  return paragraphs.slice(1).join('\n\n')
}
