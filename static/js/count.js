// Says how many stocks a screen would show while its conditions are typed. Without this script the
// button “Count only” does it.
for (const output of document.querySelectorAll("[data-count]")) {
  const form = output.closest("form");
  let timer, request;

  const count = async () => {
    request?.abort();
    request = new AbortController();
    const asked = new URLSearchParams([...new FormData(form)].filter(([, value]) => value.trim()));
    asked.set("show", "count");
    try {
      const answer = await fetch(output.dataset.count + "?" + asked, { signal: request.signal });
      const data = await answer.json();
      output.textContent = answer.ok ? data.fit + " of " + data.stocks + (data.stocks === 1 ? " stock" : " stocks") + " would be shown." : data.error;
    } catch (error) {
      if (error.name !== "AbortError") output.textContent = "";
    }
  };

  form.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(count, 300);
  });
}
