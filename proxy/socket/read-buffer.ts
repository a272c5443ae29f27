/** Every socket of this process reads into this one buffer; handlers use or copy its bytes before they return. */
export const sharedReadBuffer: Buffer = Buffer.allocUnsafeSlow(64 * 1024);
