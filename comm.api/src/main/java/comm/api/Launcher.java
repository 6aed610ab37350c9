package comm.api;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * A launcher of others whose environment variables are understood. It counts when its rank and its
 * size are both set.
 *
 * @param title the name that people know
 * @param rank the variable of the rank
 * @param sizes the variables of the size; the first that is set counts
 * @param identities sets of variables that name the job; the first that is complete counts
 * @param saysNothing a value of such a variable that names no job
 */
record Launcher(
    String title,
    String rank,
    List<String> sizes,
    List<List<String>> identities,
    String saysNothing) {

  /** All of them, in the order in which they are asked. */
  static final List<Launcher> ALL =
      List.of(
          // Its run id is "none" unless the user chose one; then only the port tells runs apart.
          new Launcher(
              "torchrun",
              "RANK",
              List.of("WORLD_SIZE"),
              List.of(
                  List.of("TORCHELASTIC_RUN_ID", "MASTER_PORT"),
                  List.of("MASTER_PORT"),
                  List.of("TORCHELASTIC_RUN_ID")),
              "none"),
          // PMIx names the job in 4 and 5; the others are from 2 to 4 and from 1.
          new Launcher(
              "Open MPI",
              "OMPI_COMM_WORLD_RANK",
              List.of("OMPI_COMM_WORLD_SIZE"),
              List.of(
                  List.of("PMIX_NAMESPACE"),
                  List.of("OMPI_MCA_ess_base_jobid"),
                  List.of("OMPI_MCA_orte_ess_jobid")),
              ""),
          // Plain Hydra names no job; Slurm's PMI-2, Intel MPI and Cray PALS do.
          new Launcher(
              "PMI",
              "PMI_RANK",
              List.of("PMI_SIZE"),
              List.of(List.of("PMI_JOBID"), List.of("I_MPI_HYDRA_UUID"), List.of("PALS_APID")),
              ""),
          // The step's size, since a step may be smaller than its job. A batch script has a rank
          // too, but no step: it is none of the ranks, and without an identity it is refused.
          new Launcher(
              "Slurm",
              "SLURM_PROCID",
              List.of("SLURM_STEP_NUM_TASKS", "SLURM_NTASKS"),
              List.of(
                  List.of("SLURM_JOB_ID", "SLURM_STEP_ID"), List.of("SLURM_JOBID", "SLURM_STEPID")),
              ""));

  /** The variable of the size that is set, if there is one. */
  Optional<String> size(Map<String, String> environment) {
    return sizes.stream().filter(environment::containsKey).findFirst();
  }

  /** What tells this job from others, if the launcher says it. */
  Optional<String> identity(Map<String, String> environment) {
    for (List<String> names : identities) {
      boolean complete = names.stream().allMatch(environment::containsKey);
      // A name that says nothing may stand beside one that does, but not alone.
      if (complete
          && names.stream().map(environment::get).anyMatch(value -> !value.equals(saysNothing))) {
        return Optional.of(names.stream().map(environment::get).collect(Collectors.joining("-")));
      }
    }
    return Optional.empty();
  }

  /** The variables that could name the job, in words. */
  String identityNames() {
    return identities.stream()
        .map(names -> String.join(" with ", names))
        .collect(Collectors.joining(", or "));
  }

  /** What was found of this launcher, for the error that says that it isn't enough. */
  String found(Map<String, String> environment) {
    boolean hasRank = environment.containsKey(rank);
    Optional<String> size = size(environment);
    String names = rank + " and " + String.join(" or ", sizes);
    if (hasRank == size.isPresent()) {
      return title + " (" + names + ")";
    }
    return hasRank
        ? title + " (" + rank + " is set, but " + String.join(" or ", sizes) + " is missing)"
        : title + " (" + size.get() + " is set, but " + rank + " is missing)";
  }
}
