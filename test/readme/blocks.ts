// Reads the code blocks of a README and lays them out as files. What a block means is written in
// CONTRIBUTING.md; nothing here runs anything.

/** One ```ts block of a README. */
export interface CodeBlock {
  /**
   * The file it is (`// server.ts` in its first line), or undefined: a fragment that
   * goes on where that file ends.
   */
  readonly file: string | undefined
  readonly code: string
  /** The line of the README where its code starts, from 1. */
  readonly line: number
  /** What running it prints: the ```text block that follows at once, if one does. */
  readonly prints: readonly string[] | undefined
}

/** The TypeScript blocks of a README, in order. */
export function codeBlocks(markdown: string): CodeBlock[] {
  const fences = [...markdown.matchAll(/^```(\w*)[^\n]*\n([\s\S]*?)^```$/gm)]
  return fences.flatMap((fence, index) => {
    const [whole, language, code = ''] = fence
    if (language !== 'ts') return []
    const next = fences[index + 1]
    const between = next === undefined ? '' : markdown.slice(fence.index + whole.length, next.index)
    const isOutput = next !== undefined && next[1] === 'text' && between.trim() === ''
    return {
      file: /^\/\/ ([\w-]+\.ts)\n/.exec(code)?.[1],
      code,
      line: markdown.slice(0, fence.index).split('\n').length + 1,
      prints: isOutput ? (next[2] ?? '').trimEnd().split('\n') : undefined,
    }
  })
}

/** The name under which a block is written into the README's folder. */
export function fileNameOf(block: CodeBlock): string {
  return block.file ?? `fragment-line-${block.line}.ts`
}

/**
 * What is written there: a file as it is, a fragment as a block at the end of the file that stands before it.
 */
export function textOf(block: CodeBlock, blocks: readonly CodeBlock[]): string {
  if (block.file !== undefined) return block.code
  const above = blocks.slice(0, blocks.indexOf(block)).findLast(({ file }) => file !== undefined)
  if (above === undefined) return `${block.code}\nexport {}\n`
  const known = new Set(imports(above.code).flatMap(({ names }) => names))
  const more = imports(block.code).map(({ names, from }) => {
    const missing = names.filter((name) => !known.has(name))
    return missing.length === 0 ? '' : `import { ${missing.join(', ')} } from ${from}\n`
  })
  return `${more.join('')}${above.code}\n{\n${block.code.replace(importPattern, '')}}\nexport {}\n`
}

/** The files that are programs: those that no other file of the README imports. */
export function programs(blocks: readonly CodeBlock[]): CodeBlock[] {
  return blocks.filter(
    ({ file }) => file !== undefined && !blocks.some(({ code }) => code.includes(`'./${file}'`)),
  )
}

/** True when what was printed is what the README says; a line `...` stands for any number of lines. */
export function printed(expected: readonly string[], actual: string): boolean {
  const lines = expected.map((line) =>
    line.trim() === '...' ? '[^]*?' : `${escape(line.trimEnd())}[ \\t]*\\n`,
  )
  return new RegExp(`^${lines.join('')}$`).test(`${actual.trimEnd()}\n`)
}

const importPattern = /^import \{([^}]*)\} from ('[^']*')\n/gm

function imports(code: string): { names: string[]; from: string }[] {
  return [...code.matchAll(importPattern)].map(([, list = '', from = '']) => {
    return {
      names: list
        .split(',')
        .map((name) => name.trim())
        .filter(Boolean),
      from,
    }
  })
}

function escape(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
}
