// The agent: plans deletions in one directory and carries them out when a human has agreed to each and to
// all.
import { call, Rewound } from '@parley/rpc'
import { Cleaner, type Answer, type Proposal, type Report } from './contract.ts'
import { deletePlanned, planDeletions, type Planned } from './plan.ts'

export class CleanerService extends Cleaner {
  readonly #root: string

  constructor(root: string) {
    super()
    this.#root = root
  }

  override async *clean(): AsyncGenerator<Proposal, Report, Answer> {
    const talk = call().dialogue
    const plan = await planDeletions(this.#root, call().signal)
    const answers: Answer[] = []
    /** How much was decided at each point of the dialogue. */
    const decided = new Map([[0, 0]])
    for (;;) {
      try {
        const next = plan[answers.length]
        const point = await talk.checkpoint(next?.path ?? 'summary')
        decided.set(point, answers.length)
        if (next !== undefined) {
          const { path, size, why } = next
          answers.push(
            yield { kind: 'file', step: answers.length + 1, of: plan.length, path, size, why, point },
          )
          continue
        }
        const chosen = plan.filter((_, i) => answers[i] === 'yes')
        const paths = chosen.map(({ path }) => path)
        if ((yield { kind: 'summary', paths, size: sizeOf(chosen), point }) === 'no') return nothing
        // From here on nobody goes back: what is deleted stays deleted.
        await talk.commit()
        return await this.#delete(chosen)
      } catch (thrown) {
        if (!(thrown instanceof Rewound)) throw thrown
        answers.length = decided.get(thrown.point) ?? 0
      }
    }
  }

  async #delete(chosen: readonly Planned[]): Promise<Report> {
    const deleted: Planned[] = []
    const spared: string[] = []
    for (const planned of chosen) {
      if (await deletePlanned(this.#root, planned)) deleted.push(planned)
      else spared.push(planned.path)
    }
    return { deleted: deleted.map(({ path }) => path), spared, freed: sizeOf(deleted) }
  }
}

const nothing: Report = { deleted: [], spared: [], freed: 0 }

function sizeOf(files: readonly Planned[]): number {
  return files.reduce((sum, { size }) => sum + size, 0)
}
