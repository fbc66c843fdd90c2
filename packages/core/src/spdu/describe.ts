export declare function describe(tsdu: Uint8Array): string
