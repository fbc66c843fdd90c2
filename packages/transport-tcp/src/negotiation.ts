// The negotiation of the TPDU size, the class and expedited data (6.5.4 of X.224,
// section 5 of RFC 2126). Pure.
import { type Parameter, parameterCode } from './cotp.ts'

/** A TPDU size and the parameter that states it. */
export interface AgreedSize {
  /** Octets in a TPDU, its header included. */
  readonly size: number
  readonly parameter: Parameter
}

/**
 * Sizes by their exponent: 128 octets to 8,192. X.224 ends class 0 at 2,048, yet others send the larger two.
 */
const LEAST_EXPONENT = 7
const MOST_EXPONENT = 13

/** Bit 1 of the additional options. */
const EXPEDITED = 0x01

/** The preferred maximum size counts in these. */
const UNIT = 128

/** What a CR proposes: the size in its old form, and where that cannot say it, the preferred maximum too. */
export function proposeSize(maxTpduSize: number): Parameter[] {
  const exponent = exponentUpTo(maxTpduSize)
  const units = Math.floor(maxTpduSize / UNIT)
  const old = sizeParameter(exponent)
  return 2 ** exponent === units * UNIT ? [old] : [preferredParameter(units), old]
}

/**
 * What a CC answers. It always states the size: a peer's default is 128 octets by X.224 and 65,531 by RFC
 * 1006, so silence would mean two things (RFC 2126). A value that is none is ignored, as 6.5.4 allows in a
 * CR.
 */
export function answerSize(proposed: ReadonlyMap<number, Uint8Array>, maxTpduSize: number): AgreedSize {
  const preferred = readUnits(proposed.get(parameterCode.preferredTpduSize))
  if (preferred !== undefined) {
    const units = Math.min(preferred, Math.floor(maxTpduSize / UNIT))
    return { size: units * UNIT, parameter: preferredParameter(units) }
  }
  const asked = readExponent(proposed.get(parameterCode.tpduSize)) ?? MOST_EXPONENT
  const exponent = Math.min(asked, exponentUpTo(maxTpduSize))
  return { size: 2 ** exponent, parameter: sizeParameter(exponent) }
}

/** The size that a CC settles, or in words what is wrong with it. */
export function settleSize(answered: ReadonlyMap<number, Uint8Array>, maxTpduSize: number): number | string {
  const proposal = new Map(proposeSize(maxTpduSize))
  const preferred = answered.get(parameterCode.preferredTpduSize)
  if (preferred !== undefined) {
    const most = readUnits(proposal.get(parameterCode.preferredTpduSize)) ?? 0
    const units = readUnits(preferred) ?? 0
    return units >= 1 && units <= most
      ? units * UNIT
      : 'a CC with a preferred TPDU size that was not proposed'
  }
  const most = exponentUpTo(maxTpduSize)
  const stated = answered.get(parameterCode.tpduSize)
  // A CC that says nothing may mean 128 octets, 65,531 or what was proposed; the last is what such peers do.
  if (stated === undefined) return 2 ** most
  const exponent = readExponent(stated)
  return exponent !== undefined && exponent <= most
    ? 2 ** exponent
    : 'a CC with a TPDU size that was not proposed'
}

/** What a CR that asks for transport expedited data, or a CC that grants it, says. */
export const expeditedParameter: Parameter = [parameterCode.additionalOptions, Uint8Array.of(EXPEDITED)]

/**
 * Does the peer's TPDU have the option of transport expedited data? Absent it is not used (RFC 1006, unlike
 * X.224); a value that is none is ignored, as 6.5.4 allows.
 */
export function hasExpedited(parameters: ReadonlyMap<number, Uint8Array>): boolean {
  const options = parameters.get(parameterCode.additionalOptions)
  return options?.length === 1 && ((options[0] ?? 0) & EXPEDITED) !== 0
}

/** May a CR of this class be answered in class 0? */
export function acceptsClass0(preferred: number, parameters: ReadonlyMap<number, Uint8Array>): boolean {
  if (preferred === 0) return true
  const alternatives = parameters.get(parameterCode.alternativeClasses) ?? new Uint8Array()
  return alternatives.some((octet) => octet >> 4 === 0)
}

function exponentUpTo(size: number): number {
  return Math.min(MOST_EXPONENT, Math.floor(Math.log2(size)))
}

function sizeParameter(exponent: number): Parameter {
  return [parameterCode.tpduSize, Uint8Array.of(exponent)]
}

function preferredParameter(units: number): Parameter {
  return [
    parameterCode.preferredTpduSize,
    units < 256 ? Uint8Array.of(units) : Uint8Array.of(units >> 8, units),
  ]
}

function readExponent(value: Uint8Array | undefined): number | undefined {
  const exponent = value?.[0] ?? 0
  const valid = value?.length === 1 && exponent >= LEAST_EXPONENT && exponent <= MOST_EXPONENT
  return valid ? exponent : undefined
}

/** One to four octets; zero is no size. */
function readUnits(value: Uint8Array | undefined): number | undefined {
  if (value === undefined || value.length < 1 || value.length > 4) return undefined
  const units = value.reduce((sum, octet) => sum * 256 + octet, 0)
  return units === 0 ? undefined : units
}
