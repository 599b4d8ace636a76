// Suggests stocks while a text is typed (the combobox of the ARIA Authoring Practices). A field with
// data-suggest="open" goes to the page of what is chosen, one with "fill" takes its ticker. Without
// this script each is a plain field of a plain form.
for (const field of document.querySelectorAll("[data-suggest]")) {
  const list = document.createElement("ul");
  const status = document.createElement("p");
  list.id = field.id + "-list";
  list.className = "suggest";
  list.hidden = true;
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", "Stocks");
  status.className = "hide";
  status.setAttribute("role", "status");
  for (const [name, value] of [["role", "combobox"], ["aria-autocomplete", "list"], ["aria-controls", list.id], ["aria-expanded", "false"]]) field.setAttribute(name, value);
  field.parentElement.classList.add("suggests");
  field.parentElement.append(list, status);

  let items = [], active = -1, timer, request;

  const close = () => {
    clearTimeout(timer);
    request?.abort();
    list.hidden = true;
    active = -1;
    field.setAttribute("aria-expanded", "false");
    field.removeAttribute("aria-activedescendant");
  };
  const point = to => {
    list.children[active]?.setAttribute("aria-selected", "false");
    active = to;
    const option = list.children[active];
    if (!option) return field.removeAttribute("aria-activedescendant");
    option.setAttribute("aria-selected", "true");
    option.scrollIntoView({ block: "nearest" });
    field.setAttribute("aria-activedescendant", option.id);
  };
  const choose = item => {
    close();
    if (field.dataset.suggest === "open") location.assign(item.url);
    else field.value = item.ticker;
  };
  const show = (found, more) => {
    items = found;
    list.replaceChildren(...items.map((item, at) => {
      const option = document.createElement("li");
      option.id = list.id + at;
      option.setAttribute("role", "option");
      option.setAttribute("aria-selected", "false");
      for (const [name, text] of [["tick", item.ticker], ["name", item.name], ["sub", item.ended ? item.exchange + ", no longer followed" : item.exchange]]) {
        const part = document.createElement("span");
        part.className = name;
        part.textContent = text;
        option.append(part, " ");
      }
      // Before the field loses its focus, which would close the list.
      option.addEventListener("pointerdown", event => event.preventDefault());
      option.addEventListener("click", () => choose(item));
      return option;
    }));
    active = -1;
    field.removeAttribute("aria-activedescendant");
    list.hidden = !items.length;
    field.setAttribute("aria-expanded", String(!list.hidden));
    status.textContent = !items.length ? "No stock matches." : (items.length === 1 ? "1 suggestion" : items.length + " suggestions") + (more ? ", and more on the page of results." : ".");
  };
  const ask = async () => {
    const text = field.value.trim();
    request?.abort();
    if (!text) return close();
    const mine = (request = new AbortController());
    try {
      const answer = await fetch("/search.json?q=" + encodeURIComponent(text), { signal: mine.signal });
      if (!answer.ok) return close();
      const data = await answer.json();
      // An answer that came after the next question was asked is to a text that is gone.
      if (mine === request && document.activeElement === field) show(data.items, data.more);
    } catch (error) {
      if (error.name !== "AbortError") close();
    }
  };

  field.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(ask, 120);
  });
  field.addEventListener("blur", close);
  field.addEventListener("keydown", event => {
    if (event.isComposing || event.ctrlKey || event.metaKey) return;
    const open = !list.hidden, last = items.length - 1;
    if (event.key === "Escape" && open) close();
    else if (event.key === "Enter" && open && active >= 0) choose(items[active]);
    else if (event.key === "ArrowDown" && !open) ask();
    else if (event.key === "ArrowDown") point(active < last ? active + 1 : -1);
    else if (event.key === "ArrowUp" && open) point(active < 0 ? last : active - 1);
    else return;
    event.preventDefault();
  });
}
