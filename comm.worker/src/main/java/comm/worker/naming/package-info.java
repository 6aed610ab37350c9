/** Names of classes, as people and configurations give them. */
package comm.worker.naming;
