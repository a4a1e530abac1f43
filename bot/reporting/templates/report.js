"use strict";
// Two comforts on a page that is complete without them: a slider over the renders, and a button that copies.
(() => {
  const make = (name, set, ...inside) => {
    const element = Object.assign(document.createElement(name), set);
    element.append(...inside);
    return element;
  };

  const pair = document.querySelector(".compare");
  const [before, after] = pair ? pair.querySelectorAll(".side img") : [];
  if (before && after) {
    const range = make("input", { type: "range", min: 0, max: 100, value: 50, className: "range" });
    range.setAttribute("aria-label", "How much of the render before is shown");
    const stage = make("div", { className: "stage" }, before.cloneNode(), after.cloneNode(), range);
    const show = () => {
      stage.style.setProperty("--at", range.value + "%");
      range.setAttribute("aria-valuetext", range.value + " % before, " + (100 - range.value) + " % after");
    };
    range.addEventListener("input", show);
    show();
    const told = make("figcaption", { textContent: "Before on the left, after on the right: drag, or use the arrow keys." });
    pair.prepend(make("figure", { className: "slider" }, stage, told));
    pair.classList.add("live");
  }

  const command = document.querySelector(".command");
  if (command && navigator.clipboard) {
    const state = make("span", { className: "hidden" });
    state.setAttribute("role", "status");
    const button = make("button", { type: "button", className: "copy", textContent: "Copy" });
    button.addEventListener("click", async () => {
      try {
        await navigator.clipboard.writeText(command.textContent);
        button.textContent = state.textContent = "Copied";
      } catch {
        getSelection().selectAllChildren(command);
        button.textContent = state.textContent = "Selected";
      }
      setTimeout(() => { button.textContent = "Copy"; }, 2000);
    });
    command.after(button, state);
  }
})();
