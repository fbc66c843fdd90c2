// A process that runs the seeds it is given, until its parent is gone.
import { simulateAll } from './simulate.ts'

process.on('message', (seeds: number[]) => {
  void simulateAll(seeds).then((summary) => process.send?.(summary))
})
process.on('disconnect', () => process.exit())
