/** Stands where an image's function goes while the host is compiled ahead, before there is one. */
exports.default = (request, response) => response.writeHead(204).end()
