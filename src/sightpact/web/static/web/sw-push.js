/* What the switch's service worker hears by push. Served behind sw.js as one script, /switch/sw.js. */
