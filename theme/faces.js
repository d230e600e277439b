// Fonts are asked for before the first line is drawn, so that none moves for them.
for (const face of document.fonts) face.load();
