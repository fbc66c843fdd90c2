// The events of the state tables: what may come in, with who caused it, and what may go out
// (Annex A). Names only; what an SPDU event carries is in spdu/, what a
// primitive carries is in primitives.ts.

/**
 * Who caused an incoming event. It decides what an invalid intersection means (protocol
 * error or our user's mistake).
 */
export type Cause = 'user' | 'peer' | 'transport' | 'clock'

/** Every incoming event with who caused it. */
export const incomingEvents = {
  SCONreq: 'user',
  'SCONrsp+': 'user',
  'SCONrsp-': 'user',
  SDTreq: 'user',
  STDreq: 'user',
  SEXreq: 'user',
  SGTreq: 'user',
  SPTreq: 'user',
  SCGreq: 'user',
  SSYNmreq: 'user',
  SSYNmdreq: 'user',
  SSYNmrsp: 'user',
  SSYNMreq: 'user',
  SSYNMrsp: 'user',
  SRSYNreq: 'user',
  'SRSYNreq(a)': 'user',
  'SRSYNreq(r)': 'user',
  'SRSYNreq(s)': 'user',
  SRSYNrsp: 'user',
  SCDreq: 'user',
  SCDrsp: 'user',
  SUERreq: 'user',
  SACTSreq: 'user',
  SACTRreq: 'user',
  SACTIreq: 'user',
  SACTIrsp: 'user',
  SACTDreq: 'user',
  SACTDrsp: 'user',
  SACTEreq: 'user',
  SACTErsp: 'user',
  SRELreq: 'user',
  'SRELrsp+': 'user',
  'SRELrsp-': 'user',
  SUABreq: 'user',

  TCONind: 'transport',
  TCONcnf: 'transport',
  TDISind: 'transport',
  TIM: 'clock',

  CN: 'peer',
  OA: 'peer',
  CDO: 'peer',
  AC: 'peer',
  'RF-nr': 'peer',
  'RF-r': 'peer',
  DT: 'peer',
  TD: 'peer',
  EX: 'peer',
  GT: 'peer',
  PT: 'peer',
  GTC: 'peer',
  GTA: 'peer',
  MIP: 'peer',
  'MIP-d': 'peer',
  MIA: 'peer',
  MAP: 'peer',
  AE: 'peer',
  'MAA/AEA': 'peer',
  RS: 'peer',
  'RS-a': 'peer',
  'RS-r': 'peer',
  'RS-s': 'peer',
  RA: 'peer',
  ED: 'peer',
  ER: 'peer',
  CD: 'peer',
  CDA: 'peer',
  AS: 'peer',
  AR: 'peer',
  AI: 'peer',
  AIA: 'peer',
  AD: 'peer',
  ADA: 'peer',
  'FN-nr': 'peer',
  'FN-r': 'peer',
  DN: 'peer',
  NF: 'peer',
  'AB-nr': 'peer',
  'AB-r': 'peer',
  AA: 'peer',
  'PR-MAA': 'peer',
  'PR-RS': 'peer',
  'PR-RA': 'peer',
  'PR-AB': 'peer',
} as const

/**
 * An incoming event in the standard's name; `-r` and `-nr` say whether the transport
 * connection is to be kept (reused).
 */
export type IncomingEvent = keyof typeof incomingEvents

/** The incoming events by number. */
export const events: readonly IncomingEvent[] = Object.keys(incomingEvents) as IncomingEvent[]

/** The number of each incoming event. */
export const eventNumbers: ReadonlyMap<IncomingEvent, number> = new Map(
  events.map((name, index) => [name, index]),
)

/**
 * An outgoing event: an indication or confirm to the user, an SPDU to the peer, a request to the transport.
 */
export type OutgoingEvent =
  | 'SCONind'
  | 'SCONcnf+'
  | 'SCONcnf-'
  | 'SDTind'
  | 'STDind'
  | 'SEXind'
  | 'SGTind'
  | 'SPTind'
  | 'SCGind'
  | 'SSYNmind'
  | 'SSYNmcnf'
  | 'SSYNMind'
  | 'SSYNMcnf'
  | 'SRSYNind'
  | 'SRSYNcnf'
  | 'SCDind'
  | 'SCDcnf'
  | 'SUERind'
  | 'SPERind'
  | 'SACTSind'
  | 'SACTRind'
  | 'SACTIind'
  | 'SACTIcnf'
  | 'SACTDind'
  | 'SACTDcnf'
  | 'SACTEind'
  | 'SACTEcnf'
  | 'SRELind'
  | 'SRELcnf+'
  | 'SRELcnf-'
  | 'SxABind'
  | 'SPABind'
  | 'CN'
  | 'OA'
  | 'CDO'
  | 'AC'
  | 'RF-nr'
  | 'RF-r'
  | 'DT'
  | 'TD'
  | 'EX'
  | 'GT'
  | 'PT'
  | 'GTC'
  | 'GTA'
  | 'MIP'
  | 'MIA'
  | 'MAP'
  | 'MAA'
  | 'RS'
  | 'RS-a'
  | 'RS-r'
  | 'RS-s'
  | 'RA'
  | 'CD'
  | 'CDA'
  | 'ED'
  | 'AS'
  | 'AR'
  | 'AI'
  | 'AIA'
  | 'AD'
  | 'ADA'
  | 'AE'
  | 'AEA'
  | 'FN-nr'
  | 'FN-r'
  | 'DN'
  | 'NF'
  | 'AB-nr'
  | 'AB-r'
  | 'AA'
  | 'PR-MAA'
  | 'PR-RS'
  | 'PR-RA'
  | 'PR-AB'
  | 'TCONreq'
  | 'TCONrsp'
  | 'TDISreq'
