// The minor sync points that one side has set in an activity, each with the position it stands for, and when
// the next one is due. Serial numbers (1 to 999,999) belong to an activity, positions to the session. Pure.

/** How often points are set. */
export interface Cadence {
  /** A point is due after so many units, */
  readonly syncUnits: number
  /** or after so many octets; */
  readonly syncOctets: number
  /** units of more octets than this */
  readonly copiedOctets: number
  /** count so many times. */
  readonly uncopiedWeight: number
  /** While so many points wait for their confirmation none is due. */
  readonly openPoints: number
}

/** The points of what one side sends. */
export class Points {
  /** The number of the last point that the other side has reached; 0 before the first. */
  secured = 0
  readonly #cadence: Cadence
  /** What waits for confirmation: numbers and positions, side by side and rising. */
  #serials = NONE
  #positions = NONE
  #units = 0
  #octets = 0

  constructor(cadence: Cadence) {
    this.#cadence = cadence
  }

  /** Points that wait for confirmation. */
  get open(): number {
    return this.#serials.length
  }

  /** True when something was sent after the last point. */
  get uncovered(): boolean {
    return this.#units > 0
  }

  /** A unit has been sent. True when a point is due. */
  sent(octets: number): boolean {
    const { copiedOctets, uncopiedWeight } = this.#cadence
    this.#units++
    this.#octets += octets > copiedOctets ? octets * uncopiedWeight : octets
    return this.due
  }

  get due(): boolean {
    const { syncUnits, syncOctets, openPoints } = this.#cadence
    return (this.#units >= syncUnits || this.#octets >= syncOctets) && this.#serials.length < openPoints
  }

  /** A point has been set. One whose confirmation is not asked for (`explicit` false) is not waited for. */
  set(serial: number, position: number, explicit: boolean): void {
    if (!explicit) return
    // The first make lists of one: a list that grows by itself begins with room for many.
    if (this.open === 0) {
      this.#serials = [serial]
      this.#positions = [position]
    } else {
      this.#serials.push(serial)
      this.#positions.push(position)
    }
    this.#units = this.#octets = 0
  }

  /** This point and every one before it is confirmed: the position reached, undefined when none was. */
  confirm(serial: number): number | undefined {
    let reached: number | undefined
    while ((this.#serials[0] ?? Infinity) <= serial) reached = this.#take()
    return reached
  }

  /** The other side has reached `position`, whatever points it has seen: `secured` follows. */
  reach(position: number): void {
    while ((this.#positions[0] ?? Infinity) <= position) this.#take()
  }

  /** The connection is lost, and with it the points that are still open. Everything kept is to be covered. */
  forget(): void {
    this.#serials = this.#positions = NONE
    this.#units = this.#octets = 0
  }

  /** Another activity: numbers begin at 1 again. */
  restart(): void {
    this.forget()
    this.secured = 0
  }

  #take(): number | undefined {
    const [position] = this.#positions
    this.secured = this.#serials[0] ?? this.secured
    // Mostly there is but one.
    if (this.open === 1) this.#serials = this.#positions = NONE
    else {
      this.#serials.shift()
      this.#positions.shift()
    }
    return position
  }
}

/** No points. Nothing is put on it. */
const NONE: number[] = []
