#include "collective.h"
