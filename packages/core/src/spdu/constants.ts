// The values of the parameters that have names in clause 8, as the bits and numbers they are on the wire.

/** Bits of Session User Requirements (PI 20): the functional units. */
export const functionalUnit = {
  halfDuplex: 0x0001,
  duplex: 0x0002,
  expedited: 0x0004,
  minorSynchronize: 0x0008,
  majorSynchronize: 0x0010,
  resynchronize: 0x0020,
  activityManagement: 0x0040,
  negotiatedRelease: 0x0080,
  capabilityData: 0x0100,
  exceptions: 0x0200,
  typedData: 0x0400,
  symmetricSynchronize: 0x0800,
  dataSeparation: 0x1000,
} as const

/**
 * Session User Requirements that an absent PI 20 stands for: half-duplex, minor synchronize, activity,
 * capability data, exceptions.
 */
export const defaultRequirements = 0x0349

/** Bits of a Token Item (PI 16). */
export const tokenBit = { data: 0x01, synchronizeMinor: 0x04, majorActivity: 0x10, release: 0x40 } as const

/**
 * Values of one two-bit field of a Token Setting Item; `initiator` is the requestor and `responder` the
 * acceptor in RS and RA.
 */
export const tokenSetting = { initiator: 0, responder: 1, choice: 2 } as const

/** Bits of Protocol Options (PI 19). */
export const protocolOption = { extendedConcatenation: 0x01 } as const

/** Bits of Version Number (PI 22). */
export const versionBit = { version1: 0x01, version2: 0x02 } as const

/** Bits and values of an Enclosure Item (PI 25). */
export const enclosure = { middle: 0, first: 1, last: 2, whole: 3 } as const

/** Bits of a Sync Type Item (PI 15). In MAP the first is always set. */
export const syncType = { noConfirmation: 0x01, dataSeparation: 0x02 } as const

/** Resync Type and Second Resync Type (PI 27, 53). */
export const resyncType = { restart: 0, abandon: 1, set: 2 } as const

/** Prepare Type (PI 24): which SPDU of the normal flow is announced. */
export const prepareType = { majorSyncAck: 1, resynchronize: 2, resynchronizeAck: 3, abort: 4 } as const

/** Bits of Transport Disconnect (PI 17). RF and FN know the first only, and its absence means release. */
export const transportDisconnect = {
  release: 0x01,
  userAbort: 0x02,
  protocolError: 0x04,
  noReason: 0x08,
  implementationRestriction: 0x10,
} as const

/** Reason codes of a REFUSE (first octet of PI 50). */
export const refuseReason = {
  user: 0,
  temporaryCongestion: 1,
  userData: 2,
  selectorUnknown: 129,
  userNotAttached: 130,
  spmCongestion: 131,
  versionsNotSupported: 132,
  spmUnspecified: 133,
  implementationRestriction: 134,
} as const

/** Reason codes of ED, AI and AD (PI 50). */
export const exceptionReason = {
  none: 0,
  temporarilyUnable: 1,
  userSequenceError: 3,
  localUserError: 5,
  unrecoverableProceduralError: 6,
  demandDataToken: 128,
} as const

/** The largest serial number of six digits. */
export const maxSerialNumber = 999_999

/** Octets of user data that fit the parameters of a CONNECT; more goes into CONNECT DATA OVERFLOW. */
export const connectDataOctets = { userData: 512, extendedUserData: 10_240 } as const
