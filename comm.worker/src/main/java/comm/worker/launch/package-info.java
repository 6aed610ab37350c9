/**
 * Internals of launching: the command line and directory of a job, the pumping of output, and the
 * main class that every rank runs. Nothing here knows the types of {@code comm.worker}.
 */
package comm.worker.launch;
