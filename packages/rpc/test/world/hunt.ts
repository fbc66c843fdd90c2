// Looks for the first seed that fails, from 1 to the number given, and prints it with what was wrong: for the
// mistakes that are planted, each in a process of its own.
import { simulate } from './simulate.ts'

const most = Number(process.argv[2])
let seed = 1
let failure: string | undefined
for (; seed <= most; seed++) {
  failure = (await simulate(seed)).failure
  if (failure !== undefined) break
}
process.stdout.write(failure === undefined ? 'none' : `${seed} ${failure}`)
process.exit()
