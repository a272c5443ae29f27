/** Bytes that are not what the protocol says. `message` names the packet and the field, never content. */
export class MalformedPacket extends Error {
  constructor(message: string) {
    super(message);
    this.name = "MalformedPacket";
  }
}
