// What must hold for any octets whatever; used by the fuzz test and by the long run.

import { parseTsdu } from '../../../src/spdu/concatenation.ts'
import {
  decodeExpedited,
  decodeTsdu,
  describe,
  SegmentJoiner,
  SpduError,
  type DecodeContext,
  type DecodedSpdu,
  type SpduType,
} from '../../../src/spdu/index.ts'
import { canonical, encode, hexOf, surrounded, vectors, withoutStacks } from '../support.ts'
import { mutate } from './mutate.ts'
import { Prng } from './prng.ts'
import { Invalid, slowDecode } from './slow-decoder.ts'

/** Runs inputs number `from` up to `to` of a seed; calls `failed` for each that breaks a promise. */
export function fuzz(seed: number, from: number, to: number, failed: (message: string) => void): number {
  return withoutStacks(() => run(seed, from, to, failed))
}

function run(seed: number, from: number, to: number, failed: (message: string) => void): number {
  let passed = 0
  for (let number = from; number < to; number++) {
    const prng = new Prng(Math.imul(seed, 0x9e3779b1) ^ number)
    const tsdu = mutate(seeds, prng)
    const context = someContext(prng)
    const problem = problemWith(tsdu, context)
    if (problem === undefined) passed += 1
    else {
      const input = `octets ${hexOf(tsdu)}\n  context ${JSON.stringify(context)}`
      failed(`seed ${seed} input ${number}: ${problem}\n  ${input}`)
    }
  }
  return passed
}

/** The promise that this input breaks, in words; undefined if none. */
export function problemWith(tsdu: Uint8Array, context: DecodeContext): string | undefined {
  try {
    const fast = outcome(() => parseTsdu(tsdu, context, 'either'))
    const inside = outcome(() => parseTsdu(surrounded(tsdu), context, 'either'))
    if (fast.text !== inside.text) return `depends on what surrounds it: ${fast.text} / ${inside.text}`
    const slow = slowOutcome(tsdu, context)
    if (fast.spdus === undefined ? slow !== undefined : slow !== fast.text) {
      return `decoders disagree: ${fast.text} / ${slow ?? 'invalid'}`
    }
    if (describe(tsdu).includes('\n')) return 'describe has more than one line'
    return (
      flowProblem(tsdu, context) ??
      (fast.spdus === undefined ? undefined : encodeProblem(fast.spdus, context))
    )
  } catch (error) {
    return `threw ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`
  }
}

const seeds: readonly Uint8Array[] = [...vectors.values()].map((tsdu) => tsdu.subarray(0, 600))

interface Outcome {
  readonly spdus: readonly DecodedSpdu[] | undefined
  readonly text: string
}

/** What a decoder makes of an input; throws anything but SpduError on. */
function outcome(decode: () => readonly DecodedSpdu[]): Outcome {
  try {
    const spdus = decode()
    return { spdus, text: canonical(spdus) }
  } catch (error) {
    if (!(error instanceof SpduError)) throw error
    if (error.reflected.length > 9) throw new Error('more than 9 octets reflected', { cause: error })
    return { spdus: undefined, text: `${error.reason} at ${error.offset}: ${error.message}` }
  }
}

function slowOutcome(tsdu: Uint8Array, context: DecodeContext): string | undefined {
  try {
    return canonical(slowDecode(tsdu, context))
  } catch (error) {
    if (error instanceof Invalid) return undefined
    throw error
  }
}

/** The public entrances: only SpduError comes out, and what goes into a joiner too. */
function flowProblem(tsdu: Uint8Array, context: DecodeContext): string | undefined {
  const normal = outcome(() => decodeTsdu(tsdu, context))
  const expedited = outcome(() => [decodeExpedited(tsdu, context)])
  const joiner = new SegmentJoiner({ ssduOctets: 64, ssduSegments: 3 })
  for (let round = 0; round < 5; round++) {
    for (const spdu of normal.spdus ?? [])
      outcome(() => [joiner.accept(spdu)].filter((each) => each !== undefined))
  }
  if (normal.spdus !== undefined && expedited.spdus !== undefined && normal.spdus[0]?.type !== 'AB') {
    return 'valid on both flows'
  }
  return undefined
}

/** What was decoded encodes, and decodes to the same but for what conveys nothing. */
function encodeProblem(spdus: readonly DecodedSpdu[], context: DecodeContext): string | undefined {
  const worthwhile = spdus.map((spdu) => withoutNothing(spdu))
  const again = parseTsdu(encode(worthwhile, context.version ?? 2), context, 'either')
  return canonical(again) === canonical(worthwhile) ? undefined : `encoded as ${canonical(again)}`
}

/** Absent is how these are sent: unlimited TSDU sizes, no tokens (AC), no sync type. */
function withoutNothing(spdu: DecodedSpdu): DecodedSpdu {
  const copy: Record<string, unknown> = { ...spdu }
  if (copy['tokenItem'] === 0) delete copy['tokenItem']
  if (copy['syncTypeItem'] === 0) delete copy['syncTypeItem']
  if (isUnlimited(copy['tsduMaximumSize'])) delete copy['tsduMaximumSize']
  const item = copy['connectAcceptItem']
  if (
    typeof item === 'object' &&
    item !== null &&
    'tsduMaximumSize' in item &&
    isUnlimited(item.tsduMaximumSize)
  ) {
    copy['connectAcceptItem'] = { ...item, tsduMaximumSize: undefined }
  }
  return copy as unknown as DecodedSpdu
}

function isUnlimited(size: unknown): boolean {
  return canonical(size) === '{fromInitiator:0,fromResponder:0}'
}

function someContext(prng: Prng): DecodeContext {
  return {
    version: prng.pick([undefined, 1, 2]),
    outstanding: prng.pick([undefined, 'MAP', 'AE']),
    segmenting: prng.pick<SpduType | undefined>([undefined, 'MAP', 'AE', 'DT']),
    extended: prng.oneIn(2),
  }
}
