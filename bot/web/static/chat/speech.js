// Reading aloud, with voices of the device only: a voice from the network would send the answer to a stranger.

let speaking = null; // the utterance that is heard now

/** A Dutch voice of this device, or undefined. */
function localVoice() {
  const voices = globalThis.speechSynthesis?.getVoices() ?? [];
  return voices.find((voice) => voice.localService && /^nl\b/i.test(voice.lang));
}

/** Calls back when there is a voice: now, or when the browser has loaded its list. */
export function whenVoice(callback) {
  if (localVoice()) callback();
  else globalThis.speechSynthesis?.addEventListener("voiceschanged", () => localVoice() && callback(), { once: true });
}

/** Reads the text; `ended` is called when it is done or stopped. */
export function readAloud(text, ended) {
  const voice = localVoice();
  if (!voice) return ended();
  stopReading();
  const utterance = new SpeechSynthesisUtterance(text);
  Object.assign(utterance, { voice, lang: voice.lang, rate: 0.95, onend: done, onerror: done });
  speaking = { utterance, done };
  speechSynthesis.speak(utterance);

  function done() {
    if (speaking?.utterance === utterance) speaking = null;
    ended();
  }
}

export function stopReading() {
  const current = speaking;
  speaking = null;
  if (!current) return;
  current.utterance.onend = current.utterance.onerror = null;
  speechSynthesis.cancel();
  current.done();
}
