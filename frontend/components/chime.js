const KEPT = "wanku.sound";
let known = null;
let audio = null;

/** Two short notes; nothing where the browser does not let us make a sound before the first click. */
function ring() {
  if (!audio || audio.state !== "running") return;
  for (const [start, pitch] of [[0, 880], [0.22, 1175]]) {
    const tone = audio.createOscillator();
    const volume = audio.createGain();
    tone.frequency.value = pitch;
    volume.gain.setValueAtTime(0.25, audio.currentTime + start);
    volume.gain.exponentialRampToValueAtTime(0.001, audio.currentTime + start + 0.4);
    tone.connect(volume).connect(audio.destination);
    tone.start(audio.currentTime + start);
    tone.stop(audio.currentTime + start + 0.4);
  }
}

function start() {
  audio ??= new AudioContext();
  audio.resume();
}

/** Tells of new things by sound and in the title: data-waiting are their names. A part that is
 *  swapped for a newer one remembers what was there. [data-rang] counts, for who cannot hear. */
export function chime() {
  return {
    on: localStorage.getItem(KEPT) !== "off",
    init() {
      const waiting = new Set((this.$root.dataset.waiting ?? "").split(" ").filter(Boolean));
      if (known && [...waiting].some((name) => !known.has(name))) {
        const page = document.documentElement;
        page.dataset.rang = String(Number(page.dataset.rang ?? 0) + 1);
        if (this.on) ring();
      }
      known = waiting;
      const count = waiting.size ? `(${waiting.size}) ` : "";
      document.title = document.title.replace(/^(\(\d+\) )?/, count);
      document.addEventListener("pointerdown", start, { once: true });
    },
    toggle() {
      this.on = !this.on;
      localStorage.setItem(KEPT, this.on ? "on" : "off");
      start();
      if (this.on) ring();
    },
    get off() {
      return !this.on;
    },
    get pressed() {
      return String(this.on);
    },
  };
}
