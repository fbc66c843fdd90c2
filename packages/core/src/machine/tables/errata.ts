// Where this machine reads Annex A otherwise than it is printed, each place with a name and a reason. The
// code itself says `Deviation` where it deviates; this list is what the tests and the conformance statement
// hold against it. Nothing else differs from print.

/** One misprint or contradiction of the standard, and what is done instead. */
export interface Erratum {
  /** Where it stands. */
  readonly clause: string
  /** What is printed. */
  readonly printed: string
  /** What this machine does. */
  readonly reading: string
}

/** The errata by name. */
export const errata: ReadonlyMap<string, Erratum> = new Map<string, Erratum>([
  [
    'blanks',
    {
      clause: 'Annex A',
      printed:
        'Blank cells: SACTSreq, FN-r and DN in STA15D, FN-r in STA06, MIP-d in STA15B; ' +
        'EX in STA15B and TD in STA11A without symmetric synchronize, MIP-d in STA11A with it.',
      reading: 'What the ABORT has overtaken is ignored in STA15D; the others are as their neighbours.',
    },
  ],
  [
    'first-match',
    {
      clause: 'Table A.15, SRELrsp+ in STA09',
      printed: 'p69 and p01 does not exclude the other two alternatives.',
      reading: 'The first alternative that holds is carried out alone.',
    },
  ],
  [
    'accept-symmetric',
    {
      clause: 'Annex A [5], [71]',
      printed:
        'With symmetric synchronize an ACCEPT sets neither FU, TEXP, Vact, Vdnr nor ' +
        'Vrsp; without it no Discard flag.',
      reading: 'Both set all of them.',
    },
  ],
  [
    'interrupt-recorded',
    {
      clause: 'Annex A [16], p27',
      printed: 'With symmetric synchronize Vrsp is never set, though p27, p41 and p42 test it.',
      reading: 'AI and AD set it and both Discard flags; p27 means Vrsp, Vrsps and Vrspr.',
    },
  ],
  [
    'flags-cleared',
    {
      clause: 'Annex A [29], [30]',
      printed: 'The Discard flags, Vrsps and Vrspr outlive the activity.',
      reading: 'They are cleared.',
    },
  ],
  [
    'prepare-discards',
    {
      clause: 'Table A.11, PR-RS',
      printed:
        'Without symmetric synchronize no Discard flag is set, though STA15B tests it and 7.24.2.2 discards.',
      reading: '[67] is carried out there too.',
    },
  ],
  [
    'major-ack-prepared',
    {
      clause: 'Table A.19, MAA/AEA in STA15A',
      printed: 'p174, which is the check of the side that answers.',
      reading:
        'p173, as in STA04A and STA04B. The number of our own flow is not on the wire, so not compared.',
    },
  ],
  [
    'major-ack-in-error',
    {
      clause: 'Table A.19, MAA/AEA in STA20',
      printed: 'p20 alone, which never holds with symmetric synchronize.',
      reading: 'p173 as well.',
    },
  ],
  [
    'minor-ack-discarded',
    {
      clause: 'Table A.19, MIA in STA05A, STA06, STA15B, STA15C',
      printed: 'A discard and a confirm that both hold when the sending flow is resynchronized.',
      reading: 'Confirmed only when it is not (7.24.3.1).',
    },
  ],
  [
    'abandoned-direction',
    {
      clause: 'Annex A [19], note (2), Table A.20',
      printed: 'With symmetric synchronize both are there whatever the type.',
      reading: 'They apply to a flow that is abandoned, as in Table A.11 and 7.24.3.2.',
    },
  ],
  [
    'separation-symmetric',
    {
      clause: 'Table A.19, MIP-d',
      printed: '[44], though [45] is the form for symmetric synchronize and used nowhere.',
      reading: '[45].',
    },
  ],
  [
    'major-crossing',
    {
      clause: 'Table A.10, MAP in STA05A, STA06, STA15C',
      printed: '[23], which makes the major point one that may be confirmed as a minor one.',
      reading: '[31], as in Table A.4.',
    },
  ],
  [
    'restart-bound',
    {
      clause: 'Annex A p32',
      printed: 'With symmetric synchronize the request for a restart has no upper bound.',
      reading: 'V(M) is the upper bound, as in Table A.5.',
    },
  ],
  [
    'answer-by-variant',
    {
      clause: 'Annex A p49',
      printed: 'Holds with symmetric synchronize too, where p187 decides.',
      reading: 'Only without it.',
    },
  ],
  [
    'abandon-answered-below',
    {
      clause: 'Annex A p49',
      printed: 'The answer to an abandon has a serial number of at least V(M).',
      reading: 'Any number is taken: there are peers in use that answer with a lower one.',
    },
  ],
  [
    'activity-end-confirmed',
    {
      clause: 'Table A.21, SACTErsp in STA10B',
      printed: '[62].',
      reading: '[63], as SSYNMrsp has and Table A.5 wants.',
    },
  ],
  [
    'minor-discarded',
    {
      clause: 'Tables A.10 and A.19, MIP and MIP-d in STA06, MIP-d in STA05A',
      printed: 'The alternative that discards has no guard beside the one with !p185.',
      reading: 'It has p185.',
    },
  ],
  [
    'minor-guards',
    {
      clause: 'Table A.19, MIA, MIP and SSYNmreq while a resynchronize is in progress',
      printed: 'p185 or p186 alone; MIA in STA15C has one alternative twice, the second without p176.',
      reading: 'The guards of STA713 as well.',
    },
  ],
  [
    'resync-symmetric',
    {
      clause: 'Table A.20, RS and SRSYNreq',
      printed:
        'Blank cells (RS in STA01D and STA15D, SRSYNreq in STA15D), a missing [6] ' +
        '(SRSYNreq in STA15A), p35 (RS in STA05B and STA05C).',
      reading: 'As in Table A.11.',
    },
  ],
  [
    'abort-awaited',
    {
      clause: 'Table A.16, STA15D',
      printed: 'PREPARE (ABORT) starts no TIM, so an ABORT that never comes is waited for without end.',
      reading:
        'PREPARE (ABORT) starts TIM, the ABORT and the loss of the transport connection stop it. ' +
        'When it expires there is an S-P-ABORT indication before the T-DISCONNECT request.',
    },
  ],
  [
    'expedited-held',
    {
      clause: 'Tables A.11 and A.20, RS in STA15B',
      printed: 'No [6], though EX that came before RS was queued until then, and STA06 has it.',
      reading: '[6].',
    },
  ],
  [
    'release-once',
    {
      clause: 'Table A.15, SRELreq in STA09',
      printed:
        'May be asked for again after releases have collided; the second FINISH has no cell at the peer.',
      reading: 'Has p10: it may be asked for once.',
    },
  ],
  [
    'release-overtaken',
    {
      clause: 'Table A.15, FN-nr in STA15B',
      printed:
        'Blank: EXCEPTION DATA may cross a FINISH, and the PREPARE of the RESYNCHRONIZE that recovers from ' +
        'it then overtakes the FINISH.',
      reading: 'Ignored, as in STA05A, STA06 and STA15C.',
    },
  ],
  [
    'separation-by-flow',
    {
      clause: 'Annex A [68]',
      printed:
        'Clears V(Ado) and V(Adi) whichever flow is resynchronized, so that the two sides may differ on ' +
        'whether a PREPARE may be sent.',
      reading: 'Clears V(Ado) with the flow that is sent, V(Adi) with the flow that is received.',
    },
  ],
  [
    'minor-collided',
    {
      clause: 'Table A.19, SSYNmreq, SSYNmdreq and SSYNmrsp in STA09',
      printed:
        'After releases have collided minor points may be set and confirmed; the peer has no cell for them.',
      reading: 'They have p10, as SDTreq, STDreq and SEXreq have there in p04, p07 and p09.',
    },
  ],
  [
    'resync-overtaken',
    {
      clause: 'Tables A.11 and A.20, RS in STA15C',
      printed:
        'Blank: the PREPARE of the answer to our AI or AD may overtake a RESYNCHRONIZE that lost against it.',
      reading: 'Ignored while an activity is interrupted or discarded, as in STA05B and STA05C.',
    },
  ],
  [
    'exception-overtaken',
    {
      clause: 'Table A.14, ED and ER in STA15B',
      printed:
        'Blank: the PREPARE of a RESYNCHRONIZE that their sender asked for afterwards may overtake them.',
      reading: 'Ignored, as in STA06 and STA15C.',
    },
  ],
  [
    'activity-end-overtaken',
    {
      clause: 'Tables A.11 and A.12, AI and AD in STA713, PR-RS in STA11B and STA11C',
      printed:
        'Blank with a transport expedited flow: AI or AD, asked for in STA04B, may cross the end of the ' +
        'activity, and its PREPARE is then queued for an activity that is to begin.',
      reading:
        'Indicated, as without an expedited flow; the queued PREPARE, which announced just that, is dropped.',
    },
  ],
])
