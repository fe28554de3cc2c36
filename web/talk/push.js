/* Tells what the server pushed, and leads on where it is pressed. It runs without the page, so the words come with the message. The same notice again replaces itself. */
"use strict";

function shown({ id, title, text, link, language }) {
  return self.registration.showNotification(title, { body: text, tag: id, lang: language, icon: "/icon.svg", data: { link } });
}

self.addEventListener("push", (event) => event.waitUntil(shown(event.data.json())));

/* A tab that is there already goes on; one of another site isn't taken over. */
async function goOn(link) {
  const tabs = await self.clients.matchAll({ type: "window" });
  const address = new URL(link || "/", self.location.origin);
  if (address.origin !== self.location.origin || !tabs.length) return self.clients.openWindow(address.href);
  const tab = await tabs[0].focus();
  return tab.url === address.href ? tab : tab.navigate(address.href);
}

self.addEventListener("notificationclick", (event) => {
  event.notification.close();
  event.waitUntil(goOn(event.notification.data.link));
});
