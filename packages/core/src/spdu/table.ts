// Every SPDU of X.225 and its parameters, in one table: the types, the encoder and the decoder all derive
// from it. It holds what clause 8 prints and nothing else; no code beside the table may know a parameter's
// code or length.

// A parameter is [code, presence, kind, max]. Presence: 'm' mandatory, 'o' optional; inside a group 'm'
// counts only when the group is there, and the later segments of a segmented SSDU carry only the enclosure
// item and user data. Max is in octets (digits for serial numbers); a pair is [version 1, version 2], 0 =
// must not be there, and 65535 is no limit of its own (the length indicator and the 65539 octets of a whole
// SPDU bind first). Kinds of one, two or four octets have exactly that length. Two names on one code: the
// first has one octet, the second the rest. `information` is [min, max] of the user information field ([min]
// is unlimited), `prefix` the category 0 SPDU of basic concatenation (Table 7; GT* = without Token Item).
// oxfmt-ignore
export const spduTable = {
  CN: { name: 'CONNECT', si: 13, category: 1, flow: 'normal', fields: {
    connectionIdentifier: { group: 1, presence: 'o', fields: {
      callingSsUserReference:         [10, 'o', 'octets', 64],
      commonReference:                [11, 'o', 'octets', 64],
      additionalReferenceInformation: [12, 'o', 'octets', 4],
    } },
    connectAcceptItem: { group: 5, presence: 'o', fields: {
      protocolOptions:                [19, 'm', 'octet', 1],
      tsduMaximumSize:                [21, 'o', 'sizes', 4],
      versionNumber:                  [22, 'm', 'octet', 1],
      initialSerialNumber:            [23, 'o', 'serial', 6],
      tokenSettingItem:               [26, 'o', 'octet', 1],
      secondInitialSerialNumber:      [55, 'o', 'serial', 6],
      upperLimitSerialNumber:         [56, 'o', 'binary', 4],
      largeInitialSerialNumber:       [57, 'o', 'serial', 15],
      largeSecondInitialSerialNumber: [58, 'o', 'serial', 15],
    } },
    sessionUserRequirements: [20, 'o', 'requirements', 2],
    callingSessionSelector:  [51, 'o', 'octets', 16],
    calledSessionSelector:   [52, 'o', 'octets', 16],
    dataOverflow:            [60, 'o', 'one', [0, 1]],
    userData:                [193, 'o', 'payload', 512],
    extendedUserData:        [194, 'o', 'payload', [0, 10240]],
  } },
  OA: { name: 'OVERFLOW ACCEPT', si: 16, category: 1, flow: 'normal', fields: {
    tsduMaximumSize: [21, 'o', 'sizes', 4],
    versionNumber:   [22, 'm', 'octet', 1],
  } },
  CDO: { name: 'CONNECT DATA OVERFLOW', si: 15, category: 1, flow: 'normal', fields: {
    enclosureItem: [25, 'm', 'enclosure', 1],
    userData:      [193, 'o', 'payload', [0, 65528]],
  } },
  AC: { name: 'ACCEPT', si: 14, category: 1, flow: 'normal', fields: {
    connectionIdentifier: { group: 1, presence: 'o', fields: {
      calledSsUserReference:          [9, 'o', 'octets', 64],
      commonReference:                [11, 'o', 'octets', 64],
      additionalReferenceInformation: [12, 'o', 'octets', 4],
    } },
    connectAcceptItem: { group: 5, presence: 'o', fields: {
      protocolOptions:                [19, 'm', 'octet', 1],
      tsduMaximumSize:                [21, 'o', 'sizes', 4],
      versionNumber:                  [22, 'm', 'octet', 1],
      initialSerialNumber:            [23, 'o', 'serial', 6],
      tokenSettingItem:               [26, 'o', 'octet', 1],
      secondInitialSerialNumber:      [55, 'o', 'serial', 6],
      upperLimitSerialNumber:         [56, 'o', 'binary', 4],
      largeInitialSerialNumber:       [57, 'o', 'serial', 15],
      largeSecondInitialSerialNumber: [58, 'o', 'serial', 15],
    } },
    tokenItem:                 [16, 'o', 'tokens', 1],
    sessionUserRequirements:   [20, 'o', 'requirements', 2],
    enclosureItem:             [25, 'o', 'enclosure', [0, 1]],
    callingSessionSelector:    [51, 'o', 'octets', 16],
    respondingSessionSelector: [52, 'o', 'octets', 16],
    userData:                  [193, 'o', 'payload', [512, 65535]],
  } },
  RF: { name: 'REFUSE', si: 12, category: 1, flow: 'normal', fields: {
    connectionIdentifier: { group: 1, presence: 'o', fields: {
      calledSsUserReference:          [9, 'o', 'octets', 64],
      commonReference:                [11, 'o', 'octets', 64],
      additionalReferenceInformation: [12, 'o', 'octets', 4],
    } },
    transportDisconnect:     [17, 'o', 'disconnect', 1],
    sessionUserRequirements: [20, 'o', 'requirements', 2],
    versionNumber:           [22, 'o', 'octet', 1],
    enclosureItem:           [25, 'o', 'enclosure', [0, 1]],
    reasonCode:              [50, 'o', 'octet', 1],
    userData:                [50, 'o', 'payload', [512, 65535]],
  } },
  FN: { name: 'FINISH', si: 9, category: 1, flow: 'normal', fields: {
    transportDisconnect: [17, 'o', 'disconnect', 1],
    enclosureItem:       [25, 'o', 'enclosure', [0, 1]],
    userData:            [193, 'o', 'payload', [512, 65535]],
  } },
  DN: { name: 'DISCONNECT', si: 10, category: 1, flow: 'normal', fields: {
    enclosureItem: [25, 'o', 'enclosure', [0, 1]],
    userData:      [193, 'o', 'payload', [512, 65535]],
  } },
  NF: { name: 'NOT FINISHED', si: 8, category: 1, flow: 'normal', fields: {
    enclosureItem: [25, 'o', 'enclosure', [0, 1]],
    userData:      [193, 'o', 'payload', [512, 65535]],
  } },
  AB: { name: 'ABORT', si: 25, category: 1, flow: 'either', fields: {
    transportDisconnect:    [17, 'm', 'disconnect', 1],
    enclosureItem:          [25, 'o', 'enclosure', [0, 1]],
    reflectParameterValues: [49, 'o', 'octets', 9],
    userData:               [193, 'o', 'payload', [9, 65535]],
  } },
  AA: { name: 'ABORT ACCEPT', si: 26, category: 1, flow: 'normal', fields: {} },
  DT: { name: 'DATA TRANSFER', si: 1, category: 2, flow: 'normal', prefix: 'GT', information: [1], fields: {
    enclosureItem: [25, 'o', 'enclosure', 1],
  } },
  EX: { name: 'EXPEDITED DATA', si: 5, category: 1, flow: 'expedited', information: [1, 14], fields: {} },
  TD: { name: 'TYPED DATA', si: 33, category: 1, flow: 'normal', information: [1], fields: {
    enclosureItem: [25, 'o', 'enclosure', 1],
  } },
  CD: { name: 'CAPABILITY DATA', si: 61, category: 2, flow: 'normal', prefix: 'GT*', fields: {
    enclosureItem: [25, 'o', 'enclosure', [0, 1]],
    userData:      [193, 'o', 'payload', [512, 65535]],
  } },
  CDA: { name: 'CAPABILITY DATA ACK', si: 62, category: 2, flow: 'normal', prefix: 'PT', fields: {
    enclosureItem: [25, 'o', 'enclosure', [0, 1]],
    userData:      [193, 'o', 'payload', [512, 65535]],
  } },
  GT: { name: 'GIVE TOKENS', si: 1, category: 0, flow: 'normal', fields: {
    tokenItem:     [16, 'o', 'tokens', 1],
    enclosureItem: [25, 'o', 'enclosure', [0, 1]],
    userData:      [193, 'o', 'payload', [0, 65535]],
  } },
  PT: { name: 'PLEASE TOKENS', si: 2, category: 0, flow: 'normal', fields: {
    tokenItem:     [16, 'o', 'tokens', 1],
    enclosureItem: [25, 'o', 'enclosure', [0, 1]],
    userData:      [193, 'o', 'payload', [512, 65535]],
  } },
  GTC: { name: 'GIVE TOKENS CONFIRM', si: 21, category: 1, flow: 'normal', fields: {
    enclosureItem: [25, 'o', 'enclosure', [0, 1]],
    userData:      [193, 'o', 'payload', [0, 65535]],
  } },
  GTA: { name: 'GIVE TOKENS ACK', si: 22, category: 1, flow: 'normal', fields: {} },
  MIP: { name: 'MINOR SYNC POINT', si: 49, category: 2, flow: 'normal', prefix: 'GT', fields: {
    syncTypeItem:  [15, 'o', 'syncType', 1],
    enclosureItem: [25, 'o', 'enclosure', [0, 1]],
    serialNumber:  [42, 'm', 'serial', 6],
    userData:      [193, 'o', 'payload', [512, 65535]],
  } },
  MIA: { name: 'MINOR SYNC ACK', si: 50, category: 2, flow: 'normal', prefix: 'PT', fields: {
    enclosureItem: [25, 'o', 'enclosure', [0, 1]],
    serialNumber:  [42, 'm', 'serial', 6],
    userData:      [46, 'o', 'payload', [512, 65535]],
  } },
  MAP: { name: 'MAJOR SYNC POINT', si: 41, category: 2, flow: 'normal', prefix: 'GT', fields: {
    syncTypeItem:  [15, 'm', 'syncType', 1],
    enclosureItem: [25, 'o', 'enclosure', [0, 1]],
    serialNumber:  [42, 'm', 'serial', 6],
    userData:      [193, 'o', 'payload', [512, 65535]],
  } },
  MAA: { name: 'MAJOR SYNC ACK', si: 42, category: 2, flow: 'normal', prefix: 'PT', fields: {
    enclosureItem:      [25, 'o', 'enclosure', [0, 1]],
    serialNumber:       [42, 'o', 'serial', 6],
    secondSerialNumber: [54, 'o', 'serial', 6],
    userData:           [193, 'o', 'payload', [512, 65535]],
  } },
  RS: { name: 'RESYNCHRONIZE', si: 53, category: 2, flow: 'normal', prefix: 'GT*', fields: {
    enclosureItem:      [25, 'o', 'enclosure', [0, 1]],
    tokenSettingItem:   [26, 'o', 'octet', 1],
    resyncType:         [27, 'o', 'resync', 1],
    serialNumber:       [42, 'o', 'serial', 6],
    secondResyncType:   [53, 'o', 'resync', 1],
    secondSerialNumber: [54, 'o', 'serial', 6],
    userData:           [193, 'o', 'payload', [512, 65535]],
  } },
  RA: { name: 'RESYNCHRONIZE ACK', si: 34, category: 2, flow: 'normal', prefix: 'PT', fields: {
    enclosureItem:      [25, 'o', 'enclosure', [0, 1]],
    tokenSettingItem:   [26, 'o', 'octet', 1],
    resyncType:         [27, 'o', 'resync', 1],
    serialNumber:       [42, 'o', 'serial', 6],
    secondResyncType:   [53, 'o', 'resync', 1],
    secondSerialNumber: [54, 'o', 'serial', 6],
    userData:           [193, 'o', 'payload', [512, 65535]],
  } },
  PR: { name: 'PREPARE', si: 7, category: 1, flow: 'expedited', fields: {
    prepareType:      [24, 'm', 'prepare', 1],
    resyncType:       [27, 'o', 'resync', 1],
    secondResyncType: [53, 'o', 'resync', 1],
  } },
  ER: { name: 'EXCEPTION REPORT', si: 0, category: 2, flow: 'normal', prefix: 'PT', fields: {
    reflectParameterValues: [49, 'm', 'octets', 65531],
  } },
  ED: { name: 'EXCEPTION DATA', si: 48, category: 2, flow: 'normal', prefix: 'PT', fields: {
    enclosureItem: [25, 'o', 'enclosure', [0, 1]],
    reasonCode:    [50, 'm', 'octet', 1],
    userData:      [193, 'o', 'payload', [512, 65535]],
  } },
  AS: { name: 'ACTIVITY START', si: 45, category: 2, flow: 'normal', prefix: 'GT', fields: {
    enclosureItem:      [25, 'o', 'enclosure', [0, 1]],
    activityIdentifier: [41, 'm', 'octets', 6],
    userData:           [193, 'o', 'payload', [512, 65535]],
  } },
  // Table 7 of 1995 prints PT for AR, Table 7 of 1988 and Table 8 GT: concatenation.ts sends GT and accepts
  // both.
  AR: { name: 'ACTIVITY RESUME', si: 29, category: 2, flow: 'normal', prefix: 'GT', fields: {
    enclosureItem: [25, 'o', 'enclosure', [0, 1]],
    linkingInformation: { group: 33, presence: 'm', fields: {
      calledSsUserReference:          [9, 'o', 'octets', 64],
      callingSsUserReference:         [10, 'o', 'octets', 64],
      commonReference:                [11, 'o', 'octets', 64],
      additionalReferenceInformation: [12, 'o', 'octets', 4],
      oldActivityIdentifier:          [41, 'm', 'octets', 6],
      serialNumber:                   [42, 'm', 'serial', 6],
      secondSerialNumber:             [54, 'o', 'serial', 6],
    } },
    newActivityIdentifier: [41, 'm', 'octets', 6],
    userData:              [193, 'o', 'payload', [512, 65535]],
  } },
  AI: { name: 'ACTIVITY INTERRUPT', si: 25, category: 2, flow: 'normal', prefix: 'GT*', fields: {
    enclosureItem: [25, 'o', 'enclosure', [0, 1]],
    reasonCode:    [50, 'o', 'octet', 1],
    userData:      [193, 'o', 'payload', [0, 65535]],
  } },
  AIA: { name: 'ACTIVITY INTERRUPT ACK', si: 26, category: 2, flow: 'normal', prefix: 'PT', fields: {
    enclosureItem: [25, 'o', 'enclosure', [0, 1]],
    userData:      [193, 'o', 'payload', [0, 65535]],
  } },
  AD: { name: 'ACTIVITY DISCARD', si: 57, category: 2, flow: 'normal', prefix: 'GT*', fields: {
    enclosureItem: [25, 'o', 'enclosure', [0, 1]],
    reasonCode:    [50, 'o', 'octet', 1],
    userData:      [193, 'o', 'payload', [0, 65535]],
  } },
  ADA: { name: 'ACTIVITY DISCARD ACK', si: 58, category: 2, flow: 'normal', prefix: 'PT', fields: {
    enclosureItem: [25, 'o', 'enclosure', [0, 1]],
    userData:      [193, 'o', 'payload', [0, 65535]],
  } },
  AE: { name: 'ACTIVITY END', si: 41, category: 2, flow: 'normal', prefix: 'GT', fields: {
    enclosureItem: [25, 'o', 'enclosure', [0, 1]],
    serialNumber:  [42, 'm', 'serial', 6],
    userData:      [193, 'o', 'payload', [512, 65535]],
  } },
  AEA: { name: 'ACTIVITY END ACK', si: 42, category: 2, flow: 'normal', prefix: 'PT', fields: {
    enclosureItem:      [25, 'o', 'enclosure', [0, 1]],
    serialNumber:       [42, 'o', 'serial', 6],
    secondSerialNumber: [54, 'o', 'serial', 6],
    userData:           [193, 'o', 'payload', [512, 65535]],
  } },
} as const
