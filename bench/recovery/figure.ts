// What each figure is to the command: a name, and how it is measured. Types only.
import type { Effort } from './effort.ts'
import type { Rig } from './rig.ts'

/** What is printed of one figure. */
export interface Line {
  readonly text: string
  /** What was aimed at, and whether this run got there; undefined where nothing is promised. */
  readonly aim?: { readonly text: string; readonly met: boolean }
}

/** One figure, or a few that are measured together. */
export interface Figure {
  /** For `--only`. */
  readonly name: string
  /** Measures it, with what is there. */
  readonly measure: (rig: Rig, effort: Effort) => Promise<readonly Line[]>
}
