// <rug-composer>: where the patient types. Sends a "say" event with the text.

const MAX_CHARS = 1000; // the server's own limit
const COUNT_FROM = 900;

const lengthOf = (text) => [...text].length; // counts characters as the server does, also for emoji

export class RugComposer extends HTMLElement {
  #level = 0;

  connectedCallback() {
    this.input = this.querySelector("textarea");
    this.counter = this.querySelector(".counter");
    this.querySelector("form").addEventListener("submit", (event) => {
      event.preventDefault();
      this.#submit();
    });
    this.input.addEventListener("input", () => this.#changed());
    this.input.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
      event.preventDefault();
      this.#submit();
    });
  }

  /** Gives words back that could not be sent, unless there are new ones. */
  giveBack(text) {
    if (this.input.value.trim()) return;
    this.input.value = text;
    this.#changed();
  }

  #changed() {
    const { input, counter } = this;
    input.style.height = "auto";
    input.style.height = `${input.scrollHeight + 2}px`;
    const length = lengthOf(input.value.trim());
    const over = length - MAX_CHARS;
    counter.hidden = length <= COUNT_FROM;
    counter.textContent = over > 0 ? `${over} ${over === 1 ? "teken" : "tekens"} te veel. Maak je vraag wat korter.` : `Nog ${-over} tekens`;
    counter.classList.toggle("over", over > 0);
    input.setAttribute("aria-invalid", String(over > 0));
    // Spoken when a limit is passed, not at every key.
    const level = (length > COUNT_FROM) + (over > 0);
    if (level > this.#level) this.#speak();
    this.#level = level;
  }

  #submit() {
    const text = this.input.value.trim();
    this.input.focus();
    if (!text) return;
    if (lengthOf(text) > MAX_CHARS) return this.#speak();
    this.input.value = "";
    this.#changed();
    this.dispatchEvent(new CustomEvent("say", { detail: text }));
  }

  #speak() {
    this.dispatchEvent(new CustomEvent("speak", { detail: this.counter.textContent }));
  }
}

customElements.define("rug-composer", RugComposer);
