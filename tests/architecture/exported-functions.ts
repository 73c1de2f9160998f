import { readFileSync } from 'node:fs'
import ts from 'typescript'

/** A function that a module gives to others. */
export interface ExportedFunction {
  name: string
  /** From `export` to the closing brace, without the docstring. */
  lines: number
}

/** The functions that a module exports, and the methods of the classes that it exports. */
export function exportedFunctions(file: string): ExportedFunction[] {
  const source = ts.createSourceFile(file, readFileSync(file, 'utf8'), ts.ScriptTarget.Latest, true)
  return source.statements.filter(isExported).flatMap((statement) =>
    functionsIn(statement).map(([name, node]) => ({
      name: name?.getText(source) ?? 'default',
      lines: lineOf(source, node.end) - lineOf(source, node.getStart(source)) + 1,
    })),
  )
}

const lineOf = (source: ts.SourceFile, position: number) =>
  source.getLineAndCharacterOfPosition(position).line

const isExported = (node: ts.Statement): boolean =>
  ts.isExportAssignment(node) ||
  (ts.canHaveModifiers(node) &&
    (ts.getModifiers(node) ?? []).some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword))

function functionsIn(statement: ts.Statement): [ts.Node | undefined, ts.Node][] {
  if (ts.isFunctionDeclaration(statement)) return [[statement.name, statement]]
  if (ts.isExportAssignment(statement)) return [[undefined, statement]]
  if (ts.isVariableStatement(statement)) {
    return statement.declarationList.declarations
      .filter(({ initializer }) => initializer && ts.isArrowFunction(initializer))
      .map(({ name }) => [name, statement])
  }
  if (!ts.isClassDeclaration(statement)) return []
  return statement.members
    .filter((member) => ts.isFunctionLike(member))
    .map((member) => [member.name ?? statement.name, member])
}
