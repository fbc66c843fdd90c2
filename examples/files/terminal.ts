// What the examples print with: colours where they are wanted, text of strangers made harmless, sizes for
// people.

/** The part of process.stdout that is used here. */
export interface Output {
  readonly isTTY?: boolean
  readonly columns?: number
  write(text: string): unknown
}

/** Colours a text, or not. */
export type Paint = (style: keyof typeof styles, text: string) => string

/** Colours on a terminal and not with NO_COLOR (https://no-color.org); plain text elsewhere. */
export function paintFor(output: Output, noColor: string | undefined = process.env['NO_COLOR']): Paint {
  if (output.isTTY !== true || (noColor !== undefined && noColor !== '')) return (_style, text) => text
  return (style, text) => `\x1b[${styles[style]}m${text}\x1b[0m`
}

/**
 * Text that came from elsewhere, fit for a terminal: what would move the cursor or turn the text is a `?`.
 */
export function harmless(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, '?')
}

/** `900 B`, `83.0 KiB`, `8.0 MiB`. */
export function sizeText(octets: number): string {
  if (octets < KIB) return `${octets} B`
  const [unit, name] = octets < KIB * KIB ? [KIB, 'KiB'] : [KIB * KIB, 'MiB']
  return `${(octets / unit).toFixed(1)} ${name}`
}

/** At most `width` characters, with an ellipsis in place of what is missing. */
export function clip(text: string, width: number): string {
  return text.length <= width ? text : `${text.slice(0, width - 1)}…`
}

/** The columns to write in: those of the terminal where it says so, and at most `most`. */
export function widthOf(output: Output, most: number): number {
  // Some terminals say 0.
  return Math.min(output.columns || most, most)
}

const styles = { bold: 1, dim: 2, red: 31, green: 32, cyan: 36 } as const
const KIB = 1024
