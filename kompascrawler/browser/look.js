// Takes a step, if one is given, and waits until the page shows another text and is stable.
//
// Returns false if the page has no such way; else the text, the number of pages that the article
// declares, that of headlines, and the document; nothing of it if no other text comes.
//
// Looks only where the document has changed. Patience ends with the time that the page was idle: on a
// busy machine its scripts wait as we do. One call does it all: each costs a way through the driver
// and the browser, and what is in between would not be the page that was looked at.
async ([plan, before, patience, left, step]) => {
    const now = () => performance.now() / 1000;
    const end = now() + left;
    const all = selector => [...document.querySelectorAll(selector)];
    const staysHere = link => {
        const href = link.getAttribute("href");
        if (!href || /^(#|javascript:)/i.test(href)) return true;
        return link.origin === location.origin && link.pathname === location.pathname;
    };
    const works = item => item.getClientRects().length && !item.disabled && staysHere(item);
    const label = item => item.textContent.trim().toLowerCase();
    const saysNext = item =>
        plan.next_labels.includes(label(item)) && !item.closest(plan.not_next);
    const ways = {
        number: n => all(plan.numbered).find(link => label(link) === String(n) && works(link)),
        next: () => all(plan.next).find(works),
        label: () => all("a, button, [role=button]").find(item => saysNext(item) && works(item)),
        scroll: () => ({click: () => {
            scrollTo(0, 0);
            scrollTo(0, document.documentElement.scrollHeight);
        }}),
    };
    const hidden = body => [...body.querySelectorAll("p")].map(p => p.textContent).join("\n");
    const look = () => {
        if (document.body?.classList.contains(plan.locked))
            document.body.classList.remove(plan.locked);
        const numbers = all(plan.numbered).map(link => Number(link.textContent)).filter(Boolean);
        const declared = Number(document.querySelector(plan.declared)?.content);
        return [
            all(plan.body).map(body => body.innerText.trim() || hidden(body).trim()).join("\n"),
            Math.max(1, declared || 1, ...numbers),
            new Set(all(plan.title).map(title => title.textContent.trim())).size,
        ];
    };
    const html = () => {
        const type = document.doctype;
        return (type ? new XMLSerializer().serializeToString(type) : "")
            + (document.documentElement?.outerHTML ?? "");
    };
    let seen = null, same = 0, idle = 0, changed = true, wake = () => {};
    const isNew = () => seen && !["", before].includes(seen[0]);
    const sleep = seconds => new Promise(done => {
        const since = now();
        wake = () => done(Math.min(seconds, now() - since));
        setTimeout(done, seconds * 1000, seconds);
    });
    const rest = () => new Promise(done => requestIdleCallback(done, {timeout: 1000}));
    if (step) {
        const found = ways[step[0]](step[1]);
        if (!found) return false;
        found.click();
    } else if (document.readyState !== "complete") {
        addEventListener("load", () => wake());
        await sleep(Math.min(plan.longest_load, left));
    }
    new MutationObserver(() => {
        changed = true;
        if (!isNew()) wake();
    }).observe(document, {subtree: true, childList: true, characterData: true, attributes: true});
    while (now() < end) {
        const slept = seen ? await sleep(plan.look_every) : 0;
        if (!(await rest()).didTimeout) idle += slept;
        same += slept;
        const isQuick = !changed && Number(document.querySelector(plan.counted)?.content);
        const isDone = isNew() ? same >= (isQuick ? plan.at_rest : plan.stable) : idle > patience;
        if (!changed && !isDone) continue;
        changed = false;
        const found = look();
        if (String(found) !== String(seen)) [seen, same, idle] = [found, 0, 0];
        else if (isDone) break;
    }
    return isNew() ? [...seen, html()] : [];
}
