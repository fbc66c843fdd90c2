// The part of the tour that shows what crosses: one call and one stream that is cancelled, in text.
import { tap, text, type Transport } from '@parley/core'
import { connect } from '@parley/rpc'
import { Files } from './contract.ts'
import { title } from './say.ts'
import { clip, paintFor, widthOf } from './terminal.ts'

const paint = paintFor(process.stdout)

/** A session of its own, with a tap around its transport. */
export async function wire(transport: Transport): Promise<void> {
  title('the wire: a session with one call and one stream that is cancelled')
  const lines: string[] = []
  const client = await connect(
    tap(
      transport,
      text((line) => lines.push(line)),
    ),
  )
  const files = client.stub(Files)
  await files.stat('package.json')
  for await (const _ of files.search('the')) break
  await client.close()
  const width = widthOf(process.stdout, 110) - 2
  for (const line of folded(lines)) console.log(`  ${paint('dim', clip(line, width))}`)
}

/**
 * The lines of a tap, with those that differ from the one before in numbers alone only counted. How much of a
 * stream comes before its cancel arrives is a matter of luck, and no reader wants to see all of it.
 */
export function folded(lines: readonly string[]): string[] {
  const seen: string[] = []
  let kind: string | undefined
  let more = 0
  const count = (): void => {
    if (more > 0) seen.push(`${' '.repeat(MARGIN)}and ${more} more`)
    more = 0
  }
  for (const line of lines) {
    const before = kind
    kind = line.replace(/\d+/g, '').trim()
    if (kind === before) {
      more += 1
      continue
    }
    count()
    seen.push(line)
  }
  count()
  return seen
}

/** Where the SPDUs begin in a line of a tap. */
const MARGIN = 21
