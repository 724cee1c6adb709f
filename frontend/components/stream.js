const AGAIN = 30_000;
const LINGER = 1_000;
const streams = new Map();

/** How far a story has come: marks are "<newest move>.<a sum that only grows>". */
const far = (mark) => Number(mark?.split(".")[1] ?? 0);

/** One stream of server-sent events for each address, however many parts of a page listen to it. It outlives a part
 *  that is swapped for a newer one, and closes when nobody listens or nobody looks: browsers allow six connections to a
 *  place over HTTP/1.1, and tabs share them. */
class Stream {
  constructor(address, mark) {
    this.address = address;
    this.mark = mark;
    this.listeners = new Set();
    this.timer = 0;
    this.look = () => (document.hidden ? this.close() : this.open());
    document.addEventListener("visibilitychange", this.look);
    if (!document.hidden) this.open();
  }

  open() {
    clearTimeout(this.timer);
    if (this.source) return;
    this.source = new EventSource(`${this.address}?after=${encodeURIComponent(this.mark)}`);
    this.source.addEventListener("open", () => this.tell("open"));
    this.source.addEventListener("moved", (event) => {
      this.mark = event.lastEventId;
      this.tell("moved");
    });
    this.source.addEventListener("error", () => this.lost());
  }

  /** A cut line the browser mends by itself; after a refusal it gives up, and we ask again, but seldom. */
  lost() {
    this.tell("lost");
    if (this.source.readyState !== EventSource.CLOSED) return;
    this.close();
    this.timer = setTimeout(() => document.hidden || this.open(), AGAIN);
  }

  close() {
    clearTimeout(this.timer);
    this.source?.close();
    this.source = null;
  }

  tell(what) {
    for (const heard of this.listeners) heard(what);
  }

  get isOpen() {
    return this.source?.readyState === EventSource.OPEN;
  }

  leave(heard) {
    this.listeners.delete(heard);
    setTimeout(() => {
      if (this.listeners.size > 0 || streams.get(this.address) !== this) return;
      document.removeEventListener("visibilitychange", this.look);
      this.close();
      streams.delete(this.address);
    }, LINGER);
  }
}

/** Listen at an address for what came after `mark`: `heard` gets "open", "moved" or "lost". Gives a function to stop. */
export function listen(address, mark, heard) {
  if (!("EventSource" in window)) return () => {};
  if (!streams.has(address)) streams.set(address, new Stream(address, mark));
  const stream = streams.get(address);
  stream.listeners.add(heard);
  if (stream.isOpen) heard("open");
  // What moved while this part was on its way is not in it.
  if (far(stream.mark) > far(mark)) heard("moved");
  return () => stream.leave(heard);
}
