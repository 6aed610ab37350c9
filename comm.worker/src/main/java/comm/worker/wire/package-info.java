/** What a worker and the processes of its chips say to each other, through shared memory. */
package comm.worker.wire;
