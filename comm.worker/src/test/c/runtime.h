/* What the parts of the host runtime share. */
#ifndef RUNTIME_H
#define RUNTIME_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define EXPORT __attribute__((visibility("default")))

enum live { LIVE_CONTEXTS, LIVE_ALLOCATIONS, LIVE_STREAMS, LIVE_COMMS, LIVE_KINDS };

/* Changes a counter that runtime_live shows. */
void live_add(enum live kind, int change);

/* The code with which a symbol is to fail; 0 if it isn't. */
int fault(const char *symbol);

/* How long a wait for other ranks may take. */
int64_t wait_ms(void);

/* Whether comm_init waits for the other ranks. */
bool collective_init(void);

/* Memory that copies may touch. */
void range_add(const void *owner, void *start, size_t size);
/* False if the owner has no range that begins there. */
bool range_remove(const void *owner, const void *start);
/* Any range of the owner, which is forgotten; NULL if there is none left. */
void *range_take(const void *owner);
bool range_holds(const void *start, size_t size);

#endif
