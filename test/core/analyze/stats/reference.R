# Makes test/fixtures/statistics/reference.json: what base R says of the statistics of src/core/analyze/stats.
#   Rscript test/core/analyze/stats/reference.R > test/fixtures/statistics/reference.json
# Where R has no exact test (ties), the permutation distribution is gone through one by one.

RNGkind("Mersenne-Twister", "Inversion", "Rejection")
set.seed(20240117)

json <- function(x) {
  if (is.null(x) || (length(x) == 1 && is.na(x))) return("null")
  if (is.list(x)) {
    parts <- vapply(x, json, "")
    if (is.null(names(x))) return(paste0("[", paste(parts, collapse = ","), "]"))
    return(paste0("{", paste0('"', names(x), '":', parts, collapse = ","), "}"))
  }
  if (is.character(x)) return(paste0('"', x, '"'))
  sprintf("%.17g", x)
}
vec <- function(x) as.list(as.numeric(x))
two_sided <- function(all, observed) {
  slack <- 1e-9
  min(1, 2 * min(mean(all <= observed + slack), mean(all >= observed - slack)))
}
cases <- function(n, make) lapply(seq_len(n), make)

rank_sum <- c(
  cases(12, function(i) {
    m <- sample(3:6, 1); n <- sample(3:6, 1)
    x <- sample(0:5, m, TRUE); y <- sample(0:6, n, TRUE)
    ranks <- rank(c(x, y))
    all <- combn(m + n, m, function(chosen) sum(ranks[chosen]))
    list(x = vec(x), y = vec(y), u = sum(ranks[1:m]) - m * (m + 1) / 2,
         p = two_sided(all, sum(ranks[1:m])), method = "exact")
  }),
  cases(10, function(i) {
    m <- sample(5:40, 1); n <- sample(5:40, 1)
    x <- round(rnorm(m, 0.4), 6); y <- round(rnorm(n), 6)
    test <- wilcox.test(x, y, exact = TRUE)
    list(x = vec(x), y = vec(y), u = test$statistic[[1]], p = test$p.value, method = "exact")
  }),
  cases(4, function(i) {
    x <- sample(0:9, 60 + i, TRUE); y <- sample(1:10, 70, TRUE)
    test <- wilcox.test(x, y, exact = FALSE, correct = TRUE)
    list(x = vec(x), y = vec(y), u = test$statistic[[1]], p = test$p.value, method = "normal")
  }),
  cases(2, function(i) {
    x <- round(rnorm(80, 0.3), 6); y <- round(rnorm(75), 6)
    test <- wilcox.test(x, y, exact = FALSE, correct = TRUE)
    list(x = vec(x), y = vec(y), u = test$statistic[[1]], p = test$p.value, method = "normal")
  })
)

signed_rank <- c(
  cases(10, function(i) {
    d <- sample(c(-4:-1, 1:5), sample(5:10, 1), TRUE)
    ranks <- rank(abs(d))
    signs <- as.matrix(expand.grid(rep(list(0:1), length(d))))
    list(d = vec(d), w = sum(ranks[d > 0]), p = two_sided(signs %*% ranks, sum(ranks[d > 0])))
  }),
  cases(10, function(i) {
    d <- round(rnorm(sample(6:60, 1), 0.3), 6)
    test <- wilcox.test(d, exact = TRUE)
    list(d = vec(d), w = test$statistic[[1]], p = test$p.value)
  })
)

hodges_lehmann <- cases(12, function(i) {
  d <- round(rnorm(sample(6:45, 1), 0.2), 6)
  test <- wilcox.test(d, exact = TRUE, conf.int = TRUE, conf.level = 0.95)
  list(values = vec(d), estimate = test$estimate[[1]], low = test$conf.int[1], high = test$conf.int[2])
})

median_interval <- cases(12, function(i) {
  x <- round(rlnorm(sample(6:80, 1)), 6)
  n <- length(x); k <- qbinom(0.025, n, 0.5); s <- sort(x)
  list(values = vec(x), median = median(x), low = s[k], high = s[n + 1 - k],
       p95 = if (n >= 20) quantile(x, 0.95, type = 7)[[1]] else NA, mad = mad(x, constant = 1))
})

holm <- cases(8, function(i) {
  p <- round(runif(sample(1:30, 1))^3, 8)
  list(p = vec(p), adjusted = vec(p.adjust(p, "holm")))
})

permutations <- function(n) {
  if (n == 1) return(matrix(1))
  before <- permutations(n - 1)
  do.call(rbind, lapply(seq_len(n), function(i) cbind(i, ifelse(before >= i, before + 1, before))))
}
spearman <- c(
  cases(6, function(i) {
    n <- sample(4:9, 1); x <- sample(n); y <- round(x + rnorm(n, 0, 2), 4)
    test <- cor.test(x, y, method = "spearman", exact = TRUE)
    list(x = vec(x), y = vec(y), rho = test$estimate[[1]], p = test$p.value)
  }),
  cases(6, function(i) {
    n <- sample(4:7, 1); x <- sample(1:4, n, TRUE); y <- sample(1:4, n, TRUE)
    while (length(unique(x)) < 2) x <- sample(1:4, n, TRUE)
    while (length(unique(y)) < 2) y <- sample(1:4, n, TRUE)
    rx <- rank(x); ry <- rank(y)
    all <- apply(permutations(n), 1, function(order) sum(rx * ry[order]))
    list(x = vec(x), y = vec(y), rho = cor(rx, ry), p = two_sided(all, sum(rx * ry)))
  }),
  cases(8, function(i) {
    n <- sample(10:60, 1); x <- 1:n; y <- round(x / n + rnorm(n), if (i %% 2) 1 else 5)
    test <- suppressWarnings(cor.test(x, y, method = "spearman", exact = FALSE))
    list(x = vec(x), y = vec(y), rho = test$estimate[[1]], p = test$p.value)
  })
)

student <- cases(24, function(i) {
  t <- round(rnorm(1, 0, 3), 3); df <- sample(c(1, 2, 3, 4, 7, 8, 19, 58, 120, 399, 400, 1000), 1)
  list(t = t, df = df, p = 2 * pt(-abs(t), df))
})

lag1 <- cases(6, function(i) {
  x <- round(cumsum(rnorm(sample(5:40, 1))), 5)
  list(values = vec(x), r = acf(x, lag.max = 1, plot = FALSE)$acf[2])
})

split_share <- function(x) {
  x <- sort(x); n <- length(x); least <- max(3, ceiling(0.2 * n))
  between <- vapply(least:(n - least), function(k)
    k * (mean(x[1:k]) - mean(x))^2 + (n - k) * (mean(x[(k + 1):n]) - mean(x))^2, 0)
  c(max(between) / sum((x - mean(x))^2), (least:(n - least))[which.max(between)])
}
bimodality <- cases(6, function(i) {
  n <- c(12, 20, 30, 20, 40, 15)[i]
  gap <- c(0, 3, 4, 5, 8, 2)[i]
  x <- round(rnorm(n) + gap * (seq_len(n) %% 3 == 0), 5)
  found <- split_share(x)
  null <- replicate(8000, split_share(runif(n))[1])
  list(values = vec(x), between = found[1], lower = found[2], p = mean(null >= found[1]))
})

# Each section below draws from a seed of its own, so that sections before it may change.
set.seed(1801)
paired_t <- cases(12, function(i) {
  d <- round(rnorm(c(6, 7, 8, 12, 20, 60, 200, 401, 600, 6, 10, 15)[i], c(0, 0.1, 0.4, 2)[i %% 4 + 1], 0.3), 6)
  test <- t.test(d)
  miss <- c(0.05, 0.1, 0.001)[i %% 3 + 1]
  bounds <- t.test(d, conf.level = 1 - miss)$conf.int
  list(values = vec(d), mean = test$estimate[[1]], se = test$stderr, p = test$p.value, miss = miss,
       low = bounds[1], high = bounds[2])
})

set.seed(1802)
student_quantile <- cases(30, function(i) {
  p <- signif(c(runif(1, 0.001, 0.5), 10^runif(1, -12, -2))[i %% 2 + 1], 6)
  df <- c(1, 2, 3, 5, 7, 11, 19, 40, 199, 400, 401, 1000, 20000, 1e6, 6)[(i - 1) %/% 2 + 1]
  list(p = p, df = df, t = qt(p, df), tail = 2 * pt(qt(p, df), df))
})

set.seed(1803)
chi_square <- cases(20, function(i) {
  df <- c(1, 2, 3, 5, 8, 22, 64, 120, 226, 1000)[(i - 1) %% 10 + 1]
  p <- if (i <= 10) 0.01 else signif(runif(1)^3, 6)
  list(p = p, df = df, x = qchisq(p, df, lower.tail = FALSE))
})

set.seed(1804)
normal_score <- cases(16, function(i) {
  p <- if (i <= 8) signif(runif(1), 6) else 10^-i
  list(p = p, z = -qnorm(p / 2))
})

# The rule itself, at one alpha: which hypotheses of which families are rejected. The smallest alpha is then searched for.
rejected <- function(families, alpha) {
  chosen <- p.adjust(sapply(families, function(p) min(p.adjust(p, "BH"))), "BH") <= alpha
  level <- alpha * sum(chosen) / length(families)
  Map(function(p, within) within & p.adjust(p, "BH") <= level, families, chosen)
}
set.seed(1805)
benjamini_bogomolov <- cases(12, function(i) {
  m <- c(1, 2, 3, 5)[i %% 4 + 1]
  families <- lapply(seq_len(m), function(f) round(runif(sample(1:6, 1))^sample(c(1, 3, 9), 1), 9))
  adjusted <- lapply(families, function(p) rep(1, length(p)))
  for (f in seq_len(m)) for (j in seq_along(families[[f]])) {
    low <- 0; high <- 1
    for (step in 1:50) {
      alpha <- (low + high) / 2
      if (rejected(families, alpha)[[f]][j]) high <- alpha else low <- alpha
    }
    adjusted[[f]][j] <- high
  }
  list(families = lapply(families, vec), adjusted = lapply(adjusted, vec))
})

# Ranks of the order statistics around a quantile; 0 where there is none.
quantile_ranks <- cases(16, function(i) {
  n <- c(20, 60, 85, 86, 100, 150, 200, 1200)[(i - 1) %% 8 + 1]
  probability <- c(0.95, 0.5)[(i - 1) %/% 8 + 1]
  tail <- 0.0125
  list(n = n, probability = probability, confidence = 0.975,
       low = qbinom(tail, n, probability), fromTop = qbinom(tail, n, 1 - probability))
})

# Of several series of one value a block (rows; NA where a block lacks it), by matrices: the variance is z'z with z = G y, and the
# degrees of freedom are those of that quadratic form for independent series (Bell and McCaffrey).
paule_mandel <- function(m, v) {
  excess <- function(t) { w <- 1 / (v + t); sum(w * (m - sum(w * m) / sum(w))^2) - (length(m) - 1) }
  if (length(m) < 2 || excess(0) <= 0) return(0)
  uniroot(excess, c(0, 10 * var(m) + 1), tol = 1e-16, maxiter = 10000)$root
}
middle_weights <- function(y) {
  n <- rowSums(!is.na(y)); m <- rowMeans(y, na.rm = TRUE); v <- apply(y, 1, var, na.rm = TRUE) / n
  out <- if (length(m) < 3) 0 else 1
  place <- rank(m, ties.method = "first")
  middle <- as.numeric(place > out & place <= length(m) - out)
  list(w = prop.table(middle), tau2 = paule_mandel(m, pmax(v, median(v) / 4)))
}
satterthwaite <- function(y, parts) {
  gram <- Reduce(`+`, lapply(seq_len(nrow(y)), function(s) {
    there <- as.numeric(!is.na(y[s, ])); n <- sum(there)
    (parts[s] / (n - 1)) * (diag(there) - outer(there, there) / n)
  }))
  sum(diag(gram))^2 / sum(gram^2)
}
middle <- function(y, fixed = NULL) {
  own <- if (is.null(fixed)) middle_weights(y) else list(w = fixed, tau2 = 0)
  n <- rowSums(!is.na(y)); centred <- y - rowMeans(y, na.rm = TRUE)
  z <- vapply(seq_len(ncol(y)), function(b) {
    w <- if (is.null(fixed)) middle_weights(y[, -b, drop = FALSE])$w else fixed
    sum(w * centred[, b] / sqrt(n * (n - 1)), na.rm = TRUE)
  }, 0)
  parts <- own$w^2 * apply(y, 1, var, na.rm = TRUE) / n
  df <- floor(min(satterthwaite(y, parts), satterthwaite(y, own$w)) + 1e-9)
  estimate <- sum(own$w * rowMeans(y, na.rm = TRUE)); se <- sqrt(sum(z^2))
  list(estimate = estimate, se = se, df = df, between = own$tau2, weights = vec(own$w),
       p = 2 * pt(-abs(estimate / se), df))
}
set.seed(1811)
middle_mean <- cases(18, function(i) {
  s <- c(1, 2, 3, 5, 7, 12)[(i - 1) %% 6 + 1]; b <- if (i %% 3 == 0) 8 else sample(10:24, 1)
  y <- round(matrix(rnorm(s * b, sd = rep(runif(s, 0.02, 0.4), b)) + rep(rnorm(s, 0.1, if (i %% 2) 0 else 0.2), b) +
    rep(rnorm(b, 0, 0.05), each = s), s), 6)
  # Series that end early, and holes.
  if (i %% 3 > 0) for (row in seq_len(s)) if (row %% 2 == 1) {
    end <- sample(7:b, 1)
    if (end < b) y[row, (end + 1):b] <- NA
    if (end > 7) y[row, sample(end, 1)] <- NA
  }
  values <- lapply(seq_len(s), function(row) {
    blocks <- which(!is.na(y[row, ])); list(blocks = vec(blocks), values = vec(y[row, blocks]))
  })
  c(list(series = values), middle(y))
})
set.seed(1812)
block_variance <- cases(8, function(i) {
  s <- sample(1:6, 1); b <- sample(6:12, 1); w <- round(runif(s), 6); w <- w / sum(w)
  y <- round(matrix(rnorm(s * b, sd = rep(runif(s, 0.02, 0.4), b)), s), 6)
  test <- t.test(colSums(w * y))
  list(rows = lapply(seq_len(s), function(row) vec(y[row, ])), weights = vec(w), se = test$stderr[[1]], df = test$parameter[[1]])
})

all <- list(
  version = R.version.string, rankSum = rank_sum, signedRank = signed_rank, hodgesLehmann = hodges_lehmann,
  medianInterval = median_interval, holm = holm, spearman = spearman, student = student,
  lag1 = lag1, bimodality = bimodality,
  pairedT = paired_t, studentQuantile = student_quantile, chiSquare = chi_square, normalScore = normal_score,
  benjaminiBogomolov = benjamini_bogomolov, quantileRanks = quantile_ranks,
  middleMean = middle_mean, blockVariance = block_variance
)
cat("{\n", paste0('"', names(all), '": ', vapply(all, json, ""), collapse = ",\n"), "\n}\n", sep = "")
