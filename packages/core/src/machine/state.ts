// The states of a session protocol machine, each with the sentence that says what it
// waits for (Annex A).

/** Every state in the standard's name, with what it means. */
export const stateSentences = {
  STA01: 'idle, no transport connection',
  STA01A: 'AB sent asking to keep the transport: waiting for AA',
  STA01B: 'waiting for T-CONNECT confirm',
  STA01C: 'idle, transport connected',
  STA01D: 'waiting for (more) CDO',
  STA02A: 'CN sent, waiting for AC/RF',
  STA02B: 'CN with Data Overflow sent, waiting for OA/RF',
  STA03: 'FN sent, waiting for DN/NF',
  STA04A: 'MAP sent, waiting for MAA (or PR-MAA first)',
  STA04B: 'AE sent, waiting for AEA (or PR-MAA first)',
  STA05A: 'RS sent, waiting for RA (or PR-RA first)',
  STA05B: 'AI sent, waiting for AIA (or PR-RA first)',
  STA05C: 'AD sent, waiting for ADA (or PR-RA first)',
  STA06: 'resync collision seen through PR-RS: waiting for peer RS',
  STA08: 'S-CONNECT indicated, waiting for user response',
  STA09: 'S-RELEASE indicated, waiting for user response',
  STA10A: 'S-SYNC-MAJOR indicated, waiting for user response',
  STA10B: 'S-ACTIVITY-END indicated, waiting for user response',
  STA11A: 'S-RESYNCHRONIZE indicated, waiting for user response',
  STA11B: 'S-ACTIVITY-INTERRUPT indicated, waiting for user response',
  STA11C: 'S-ACTIVITY-DISCARD indicated, waiting for user response',
  STA15A: 'PR-MAA received, waiting for MAA/AEA on normal flow',
  STA15B: 'PR-RS received, waiting for RS/AI/AD on normal flow',
  STA15C: 'PR-RA received, waiting for RA/AIA/ADA on normal flow',
  STA15D: 'PR-AB received, waiting for AB on normal flow',
  STA16: 'waiting for T-DISCONNECT indication (or AA)',
  STA18: 'GTC sent, waiting for GTA',
  STA19: 'ED sent (error state, originator): waiting for a recovery SPDU or request',
  STA20: 'error state, other side: waiting for a recovery SPDU or request',
  STA21: 'CD sent, waiting for CDA',
  STA22: 'S-CAPABILITY-DATA indicated, waiting for user response',
  STA713: 'data transfer',
} as const

/** The name of a state. */
export type StateName = keyof typeof stateSentences

/** The states by number; a machine keeps the number. */
export const states: readonly StateName[] = Object.keys(stateSentences) as StateName[]

/** The number of each state. */
export const STATE: { readonly [state in StateName]: number } = Object.fromEntries(
  states.map((name, index) => [name, index]),
) as { [state in StateName]: number }
