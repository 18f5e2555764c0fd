// <rug-menu>: a button that shows a few more buttons, and hides them after a choice, a click elsewhere or Escape.

export class RugMenu extends HTMLElement {
  connectedCallback() {
    this.opener = this.querySelector("[aria-expanded]");
    this.list = document.getElementById(this.opener.getAttribute("aria-controls"));
    this.opener.addEventListener("click", () => this.toggle(this.list.hidden));
    this.list.addEventListener("click", (event) => event.target.closest("button") && this.close());
    document.addEventListener("pointerdown", (event) => this.contains(event.target) || this.toggle(false));
    this.addEventListener("focusout", (event) => {
      if (event.relatedTarget && !this.contains(event.relatedTarget)) this.toggle(false);
    });
    this.addEventListener("keydown", (event) => {
      if (event.key !== "Escape" || this.list.hidden) return;
      event.stopPropagation(); // one press closes one thing
      this.close();
    });
  }

  toggle(open) {
    this.list.hidden = !open;
    this.opener.setAttribute("aria-expanded", String(open));
  }

  close() {
    this.toggle(false);
    this.opener.focus();
  }
}

customElements.define("rug-menu", RugMenu);
