"""The field's names: bold once where a lesson defines them, and in its table at the core's end."""

import pytest

from .content import NOTEBOOKS, cells_of

BOLD = {  # by lesson and edition: COURSE.md's table, as each writes it
    ("01", ""): "common logarithm, lg, natural logarithm, surprise, self-information, "
    "information content",
    ("01", "zh_CN"): "常用对数, lg, 自然对数, 意外程度, 自信息, 信息量",
    ("02", ""): "score, logit, log-odds, weight, bias, coefficient, intercept, "
    "logistic regression, binary classifier, prediction, sigmoid, logistic function, expit, "
    "decision, accuracy",
    ("02", "zh_CN"): "得分, 对数几率, logit, log-odds, 权重, 偏置, 系数, 截距, 逻辑回归, 二分类, "
    "二分类器, 预测概率, sigmoid 函数, 逻辑斯谛函数, expit, 判定, 准确率",
    ("03", ""): "loss function, cross-entropy, binary cross-entropy, logistic loss, likelihood, "
    "negative log-likelihood, maximum likelihood estimation, penalty, log loss",
    ("03", "zh_CN"): "损失函数, 交叉熵, 二元交叉熵, 逻辑斯谛损失, 似然, 负对数似然, 最大似然估计, "
    "惩罚, 对数损失",
    ("04", ""): "mini-batch, cost, mean loss, empirical risk, base rate, threshold, accuracy",
    ("04", "zh_CN"): "小批量, 代价, 平均损失, 经验风险, 基准率, 阈值, 准确率",
    ("05", ""): "error, residual, chain rule, partial derivative, gradient, backpropagation",
    ("05", "zh_CN"): "误差, 残差, 链式法则, 偏导数, 梯度, 反向传播",
    ("06", ""): "learning rate, gradient descent, stochastic gradient descent, SGD, epoch, "
    "convex, standardising",
    ("06", "zh_CN"): "学习率, 梯度下降, 随机梯度下降, SGD, epoch, 凸, 标准化",
    ("08", ""): "penalty, regularisation, standardised, accuracy, clips, Softmax",
}
IN_TABLE = {  # in either edition
    "02": "`decision_function`, `predict_proba`, `coef_`, `intercept_`, `predict`, ŷ, p̂",
    "03": "`log_loss`, `BCELoss`, `BCEWithLogitsLoss`, BCE, MLE",
    "04": '`log_loss`, `reduction="mean"`, `predict`, `batch_size`',
}


@pytest.mark.parametrize("lesson, folder", BOLD)
def test_the_names_of_the_field_are_given(lesson, folder):
    [path] = (NOTEBOOKS / folder).glob(f"{lesson}_*.ipynb")
    cells = {cell.id: cell.source for cell in cells_of(path)}
    text, names = "\n".join(cells.values()), BOLD[lesson, folder].split(", ")
    assert {name: text.count(f"**{name}**") for name in names} == dict.fromkeys(names, 1)
    libraries = IN_TABLE.get(lesson, "").split(", ")
    assert [name for name in libraries if name not in cells["carry-on"]] == []
