// What this package uses of rxjs, each from its own module. They are those that
// 'rxjs' exports; but that brings 200 modules more, which take 40 ms and 1 MB whenever a process starts.

export { BehaviorSubject } from 'rxjs/internal/BehaviorSubject'
export { Observable } from 'rxjs/internal/Observable'
export { Subject } from 'rxjs/internal/Subject'
export { first } from 'rxjs/internal/operators/first'
