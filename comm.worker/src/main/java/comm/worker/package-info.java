/**
 * Running a program as several ranks: a {@link comm.worker.RankJob} says what to run, a {@link
 * comm.worker.RankLauncher} starts it, a {@link comm.worker.RunningJob} is watched until it ends in
 * a {@link comm.worker.JobResult}.
 *
 * <p>Exit codes that a rank has by this package's doing and not by its program's: 69 the program
 * was not found, 70 the rank left without closing its communicator, 71 its launcher died.
 *
 * @serial exclude
 */
package comm.worker;
