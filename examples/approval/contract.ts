// What the agent and the human share: the dialogue in which one proposes and the other decides.
import { dialogue, remote, service, type Dialogue } from '@parley/rpc'

/** One file the agent would delete, or, last, all that was decided. */
export type Proposal =
  | {
      readonly kind: 'file'
      /** Which of how many it is, from 1. */
      readonly step: number
      readonly of: number
      readonly path: string
      /** In octets. */
      readonly size: number
      readonly why: string
      /** The point of the dialogue at which it is proposed: where "back" leads to. */
      readonly point: number
    }
  | {
      readonly kind: 'summary'
      readonly paths: readonly string[]
      /** In octets, together. */
      readonly size: number
      readonly point: number
    }

/** What the human says of a proposal. */
export type Answer = 'yes' | 'no'

/** What came of it. */
export interface Report {
  readonly deleted: readonly string[]
  /** Files that were to be deleted and were not: changed meanwhile, or not deletable. */
  readonly spared: readonly string[]
  /** Octets. */
  readonly freed: number
}

@service('cleaner.v1')
export abstract class Cleaner {
  /** Proposes deletions one by one, then all of them together. Nothing is deleted before the last yes. */
  @dialogue() clean(): Dialogue<Proposal, Answer, Report> {
    return remote()
  }
}
