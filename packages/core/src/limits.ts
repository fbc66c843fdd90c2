// Every bound of this package: default, unit, reason. Nothing else may hold a bound of its own.

/** The bounds of `core`; each is a default that options may replace where its docstring says so. */
export const coreLimits: CoreLimits = Object.freeze({
  /** 4 SPDUs in one TSDU. Reason: the longest group X.225 6.3.7 allows is GT, AS, MIP, DT. Fixed. */
  spdusPerTsdu: 4,
  /** 67,108,864 octets (64 MiB) and 1 MiB of room for what wraps them, joined from segments. Reason: what a peer may make us hold. */
  ssduOctets: 65 * 1024 * 1024,
  /** 65,536 segments in one SSDU. Reason: a series of tiny segments costs far more work than its octets. */
  ssduSegments: 65_536,
})

/** The type of {@link coreLimits}. */
export interface CoreLimits {
  readonly spdusPerTsdu: number
  readonly ssduOctets: number
  readonly ssduSegments: number
}
