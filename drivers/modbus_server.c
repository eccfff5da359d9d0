/*
 * The ports of a simulated mat. Requests are short and of few kinds, so the framing is:
 *
 *   TCP  transaction (2) protocol = 0 (2) length (2) unit (1) PDU
 *   RTU  unit (1) PDU CRC-16 (2); reads and single writes are 8 bytes in all
 */
#include "drivers/modbus_server.h"

#include "base/clock.h"
#include "drivers/modbus_slave.h"

#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <termios.h>
#include <unistd.h>

#define CLIENTS_MAX  8
#define TCP_HEADER   7
#define MESSAGE_MAX  (TCP_HEADER + MODBUS_PDU_MAX)
#define RTU_REQUEST  8
#define GATEWAY_MUTE 0x0b /* exception: gateway target device failed to respond */

/* Bytes of a request that come apart by more than this belong to two requests. */
static const int rtu_idle_ms = 50;

/* One line with its bytes read so far: a TCP client, or the serial line. */
struct link {
	int fd; /* -1: free */
	uint8_t bytes[MESSAGE_MAX];
	size_t n_bytes;
};

struct modbus_server {
	struct modbus_slave *slave;
	char where[128];
	int listener;      /* TCP; -1 on a serial line */
	int kept_terminal; /* a pseudo-terminal's other end, open so that it stays; or -1 */
	struct link links[CLIENTS_MAX];
};

static uint16_t crc16(const uint8_t *bytes, size_t n)
{
	uint16_t crc = 0xffff;

	for (size_t i = 0; i < n; i++) {
		crc ^= bytes[i];
		for (int bit = 0; bit < 8; bit++)
			crc = (uint16_t)(crc & 1 ? crc >> 1 ^ 0xa001 : crc >> 1);
	}
	return crc;
}

static void close_link(struct link *link)
{
	close(link->fd);
	link->fd = -1;
	link->n_bytes = 0;
}

static void drop_bytes(struct link *link, size_t n)
{
	memmove(link->bytes, link->bytes + n, link->n_bytes - n);
	link->n_bytes -= n;
}

/* ---- opening -------------------------------------------------------------------------- */

static int listen_on(struct modbus_server *server, const struct addrinfo *at, struct error *err)
{
	const int yes = 1;
	struct sockaddr_storage bound;
	socklen_t size = sizeof(bound);
	char host[64], port[8];

	server->listener = socket(at->ai_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (server->listener < 0)
		return error_set(err, -errno, "no socket: %s", strerror(errno));
	setsockopt(server->listener, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof(yes));
	if (bind(server->listener, at->ai_addr, at->ai_addrlen) < 0 ||
	    listen(server->listener, CLIENTS_MAX) < 0 ||
	    getsockname(server->listener, (struct sockaddr *)&bound, &size) < 0)
		return error_set(err, -errno, "cannot be listened on: %s", strerror(errno));
	if (getnameinfo((struct sockaddr *)&bound, size, host, sizeof(host), port, sizeof(port),
	        NI_NUMERICHOST | NI_NUMERICSERV) != 0)
		return error_set(err, -EINVAL, "the address has no numeric form");
	snprintf(server->where, sizeof(server->where),
	    at->ai_family == AF_INET6 ? "[%s]:%s" : "%s:%s", host, port);
	return 0;
}

/* "PORT" or "HOST:PORT" */
static int open_tcp(struct modbus_server *server, const char *address, struct error *err)
{
	const struct addrinfo hints = {.ai_socktype = SOCK_STREAM, .ai_flags = AI_PASSIVE};
	const char *colon = strrchr(address, ':');
	const char *port = colon ? colon + 1 : address;
	char host[64] = "127.0.0.1";
	struct addrinfo *found;

	if (*port == '\0' || strspn(port, "0123456789") != strlen(port) || strlen(port) > 5 ||
	    atol(port) > 65535)
		return error_set(err, -EINVAL, "\"%s\" is not a port; give 1 to 65535", port);
	if (colon)
		snprintf(host, sizeof(host), "%.*s", (int)(colon - address), address);
	int failure = getaddrinfo(host, port, &hints, &found);
	if (failure != 0)
		return error_set(err, -EINVAL, "%s: %s", host, gai_strerror(failure));
	int result = listen_on(server, found, err);
	freeaddrinfo(found);
	return result;
}

static speed_t speed_of(int baud)
{
	static const struct {
		int baud;
		speed_t speed;
	} speeds[] = {
	    {1200, B1200},
	    {2400, B2400},
	    {4800, B4800},
	    {9600, B9600},
	    {19200, B19200},
	    {38400, B38400},
	    {57600, B57600},
	    {115200, B115200},
	    {230400, B230400},
	    {460800, B460800},
	    {921600, B921600},
	};

	for (size_t i = 0; i < sizeof(speeds) / sizeof(speeds[0]); i++)
		if (speeds[i].baud == baud)
			return speeds[i].speed;
	return B0;
}

static int set_raw(int fd, const struct modbus_map *map, struct error *err)
{
	struct termios line;
	speed_t speed = speed_of(map->baud);

	if (speed == B0)
		return error_set(err, -EINVAL, "%d baud is no usual rate", map->baud);
	if (tcgetattr(fd, &line) < 0)
		return error_set(err, -errno, "is no serial line: %s", strerror(errno));
	cfmakeraw(&line);
	cfsetspeed(&line, speed);
	line.c_cflag |= CLOCAL | CREAD | (map->stop_bits == 2 ? CSTOPB : 0u);
	if (map->parity != 'N')
		line.c_cflag |= PARENB | (map->parity == 'O' ? PARODD : 0u);
	if (tcsetattr(fd, TCSANOW, &line) < 0)
		return error_set(err, -errno, "cannot be set up: %s", strerror(errno));
	return 0;
}

static int open_pty(struct modbus_server *server, struct error *err)
{
	int fd = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC | O_NONBLOCK);

	server->links[0].fd = fd;
	if (fd < 0 || grantpt(fd) < 0 || unlockpt(fd) < 0 ||
	    ptsname_r(fd, server->where, sizeof(server->where)) != 0)
		return error_set(err, -errno, "no pseudo-terminal: %s", strerror(errno));
	server->kept_terminal = open(server->where, O_RDWR | O_NOCTTY | O_CLOEXEC);
	if (server->kept_terminal < 0)
		return error_set(err, -errno, "cannot be opened: %s", strerror(errno));
	return set_raw(server->kept_terminal, modbus_slave_map(server->slave), err);
}

static int open_rtu(struct modbus_server *server, const char *device, struct error *err)
{
	if (strcmp(device, "pty") == 0)
		return open_pty(server, err);
	snprintf(server->where, sizeof(server->where), "%s", device);
	server->links[0].fd = open(device, O_RDWR | O_NOCTTY | O_CLOEXEC | O_NONBLOCK);
	if (server->links[0].fd < 0)
		return error_set(err, -errno, "cannot be opened: %s", strerror(errno));
	return set_raw(server->links[0].fd, modbus_slave_map(server->slave), err);
}

int modbus_server_open(struct modbus_server **out, const char *address,
    const struct modbus_map *map, struct error *err)
{
	struct modbus_server *server = calloc(1, sizeof(*server));
	int result;

	if (!server)
		return error_set(err, -ENOMEM, "out of memory");
	server->listener = server->kept_terminal = -1;
	for (size_t i = 0; i < CLIENTS_MAX; i++)
		server->links[i].fd = -1;
	server->slave = modbus_slave_create(map);
	if (!server->slave)
		result = error_set(err, -ENOMEM, "out of memory");
	else if (strncmp(address, "tcp:", 4) == 0)
		result = open_tcp(server, address + 4, err);
	else if (strncmp(address, "rtu:", 4) == 0)
		result = open_rtu(server, address + 4, err);
	else
		result = error_set(
		    err, -EINVAL, "give tcp:PORT, tcp:HOST:PORT, rtu:DEVICE or rtu:pty");
	if (result < 0) {
		error_prefix(err, "%s", address);
		modbus_server_close(server);
		return result;
	}
	*out = server;
	return 0;
}

void modbus_server_close(struct modbus_server *server)
{
	if (!server)
		return;
	for (size_t i = 0; i < CLIENTS_MAX; i++)
		if (server->links[i].fd >= 0)
			close(server->links[i].fd);
	if (server->kept_terminal >= 0)
		close(server->kept_terminal);
	if (server->listener >= 0)
		close(server->listener);
	modbus_slave_destroy(server->slave);
	free(server);
}

const char *modbus_server_where(const struct modbus_server *server)
{
	return server->where;
}

void modbus_server_set_frame(struct modbus_server *server, const float *counts)
{
	modbus_slave_set_frame(server->slave, counts);
}

/* ---- serving -------------------------------------------------------------------------- */

static void accept_client(struct modbus_server *server)
{
	const int yes = 1;
	int fd = accept4(server->listener, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);

	if (fd < 0)
		return;
	setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof(yes));
	for (size_t i = 0; i < CLIENTS_MAX; i++) {
		if (server->links[i].fd < 0) {
			server->links[i] = (struct link){.fd = fd};
			return;
		}
	}
	close(fd);
}

/* Answers every whole request in the link's bytes; false when the client makes no sense. */
static bool serve_tcp(struct modbus_server *server, struct link *link)
{
	while (link->n_bytes >= TCP_HEADER) {
		const uint8_t *in = link->bytes;
		size_t length = (size_t)in[4] << 8 | in[5]; /* unit and PDU */
		uint8_t out[MESSAGE_MAX];
		if (in[2] || in[3] || length < 2 || length > 1 + MODBUS_PDU_MAX)
			return false;
		if (link->n_bytes < 6 + length)
			return true;
		size_t n = modbus_slave_answer(
		    server->slave, in[6], in + TCP_HEADER, length - 1, out + TCP_HEADER);
		if (n == 0) {
			out[TCP_HEADER] = in[TCP_HEADER] | 0x80;
			out[TCP_HEADER + 1] = GATEWAY_MUTE;
			n = 2;
		}
		memcpy(out, in, TCP_HEADER);
		out[4] = (uint8_t)((n + 1) >> 8);
		out[5] = (uint8_t)(n + 1);
		if (send(link->fd, out, TCP_HEADER + n, MSG_NOSIGNAL) != (ssize_t)(TCP_HEADER + n))
			return false;
		drop_bytes(link, 6 + length);
	}
	return true;
}

/* A wrong checksum drops what was heard: the master asks again after its timeout. */
static bool serve_rtu(struct modbus_server *server, struct link *link)
{
	while (link->n_bytes >= RTU_REQUEST) {
		const uint8_t *in = link->bytes;
		uint8_t out[MODBUS_PDU_MAX + 3];
		if (crc16(in, RTU_REQUEST - 2) != (in[6] | in[7] << 8)) {
			link->n_bytes = 0;
			return true;
		}
		out[0] = in[0];
		size_t n = modbus_slave_answer(server->slave, in[0], in + 1, 5, out + 1);
		drop_bytes(link, RTU_REQUEST);
		if (n == 0)
			continue;
		uint16_t crc = crc16(out, n + 1);
		out[n + 1] = (uint8_t)crc;
		out[n + 2] = (uint8_t)(crc >> 8);
		if (write(link->fd, out, n + 3) != (ssize_t)(n + 3) && errno != EAGAIN)
			return false;
	}
	return true;
}

/* Reads what has come and answers it; false when the other side is gone or talks nonsense. */
static bool serve_link(struct modbus_server *server, struct link *link)
{
	ssize_t n = read(link->fd, link->bytes + link->n_bytes, MESSAGE_MAX - link->n_bytes);

	if (n < 0)
		return errno == EAGAIN || errno == EINTR;
	if (n == 0)
		return false;
	link->n_bytes += (size_t)n;
	return server->listener >= 0 ? serve_tcp(server, link) : serve_rtu(server, link);
}

static size_t gather_fds(const struct modbus_server *server, struct pollfd *fds)
{
	size_t n = 0;

	for (; n < CLIENTS_MAX; n++)
		fds[n] = (struct pollfd){.fd = server->links[n].fd, .events = POLLIN};
	fds[n++] = (struct pollfd){.fd = server->listener, .events = POLLIN};
	return n;
}

static int wait_ms(const struct modbus_server *server, int64_t left_ns)
{
	int64_t ms = (left_ns + NS_PER_MS - 1) / NS_PER_MS;

	if (server->listener < 0 && server->links[0].n_bytes > 0 && ms > rtu_idle_ms)
		return rtu_idle_ms;
	return ms > 1000 ? 1000 : (int)ms;
}

int modbus_server_run(struct modbus_server *server, int64_t deadline_ns, struct error *err)
{
	struct pollfd fds[CLIENTS_MAX + 1];
	int64_t left_ns;

	while ((left_ns = deadline_ns - clock_mono_ns()) > 0) {
		size_t n = gather_fds(server, fds);
		int ready = poll(fds, (nfds_t)n, wait_ms(server, left_ns));
		if (ready < 0)
			return errno == EINTR ? 0
			                      : error_set(err, -errno, "poll: %s", strerror(errno));
		if (ready == 0 && server->listener < 0)
			server->links[0].n_bytes = 0;
		if (fds[CLIENTS_MAX].revents)
			accept_client(server);
		for (size_t i = 0; i < CLIENTS_MAX; i++) {
			if (!fds[i].revents || serve_link(server, &server->links[i]))
				continue;
			if (server->listener < 0)
				return error_set(err, -EIO, "%s is gone", server->where);
			close_link(&server->links[i]);
		}
	}
	return 0;
}
